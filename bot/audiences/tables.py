"""Rows of rosters that were tried out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from bot.db.base import Instant, RowId, metadata

#: A file of schools and classes that somebody sent: what taking it in would do.
runs = Table(
    "roster_import",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", String(120), nullable=False),
    Column("plan", Text, nullable=False),  # JSON: counts, what would be added, faults
    Column("rows", Text, nullable=False),  # JSON: the rows without faults
    Column("taken_at", Instant, nullable=True),
    Index("ix_roster_import_by", "by"),
)
