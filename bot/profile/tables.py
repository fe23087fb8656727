"""Rows of what parents asked us to forget: that it was done, never whose it was."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table

from bot.db.base import Instant, RowId, metadata

#: One erasure, done in the transaction that was asked for it.
erasures = Table(
    "erasure",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("via", String(16), nullable=False),  # chat | page | unfollow
    # a ticket had to stay (`legal_hold`)
    Column("held", Boolean, nullable=False),
    Index("ix_erasure_at", "at"),
)
