"""Rows of sending: one access token for all replicas."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from bot.db.base import Instant, metadata

access_tokens = Table(
    "access_token",
    metadata,
    Column("app_id", String(32), primary_key=True),
    Column("token", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("fetched_at", Instant, nullable=False),
)
