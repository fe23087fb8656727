"""Rows of reach: when a parent last wrote, and the window for customer messages it opened."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, text

from bot.db.base import Instant, metadata

#: One row a parent who ever wrote; kept up to date as messages come in and go out.
reach = Table(
    "reach",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("last_at", Instant, nullable=True),
    Column("window_until", Instant, nullable=True),
    Column("window_left", Integer, nullable=False, server_default=text("0")),
    Index("ix_reach_last_at", "last_at"),
)
