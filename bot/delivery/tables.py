"""Rows of sending: one access token for all replicas, the fence, and what went wrong."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from bot.db.base import Instant, RowId, metadata

access_tokens = Table(
    "access_token",
    metadata,
    Column("app_id", String(32), primary_key=True),
    Column("token", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("fetched_at", Instant, nullable=False),
)

#: At most one row (id 1): while it stands nothing leaves by the account's initiative.
fences = Table(
    "fence",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("raised_at", Instant, nullable=False),
    Column("reason", String(64), nullable=False),  # a key: `restored`, `backup`, `staff`
)

#: What went wrong, from when to when; one open row a key. `detail` is JSON without personal data.
incident = Table(
    "incident",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("resolved_at", Instant, nullable=True),
    Index(
        "uq_incident_open",
        "key",
        unique=True,
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
    Index("ix_incident_last_at", "last_at"),
)

#: Tickets the platform gives for two hours each, by what they are for; shared like the token.
platform_tickets = Table(
    "platform_ticket",
    metadata,
    Column("app_id", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),  # jsapi
    Column("ticket", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("fetched_at", Instant, nullable=False),
)
