"""Rows of asking for a person: an alert for each crisis and each wish to talk."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, text

from bot.db.base import Instant, RowId, metadata

alerts = Table(
    "alert",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("asker", String(12), nullable=False),
    Column("kind", String(16), nullable=False),  # crisis | person
    Column("category", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("choice", String(16), nullable=True),
    Column("seen_at", Instant, nullable=True),
    # as in `decision`: district at most, and the age band the message names
    Column("area", String(255), nullable=False, server_default=text("''")),
    Column("stage", String(8), nullable=False, server_default=text("''")),
    Index("ix_alert_at", "at"),
)
