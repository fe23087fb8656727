"""Rows of the calendar: terms, school holidays, and what the State Council announces year by year.

One row is a run of days from `first` to `last`, both included, as a published notice has it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from bot.db.base import Instant, RowId, metadata

NAME_MAX, SOURCE_MAX = 40, 300

calendar_days = Table(
    "calendar_day",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # a `Kind` of days.py
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("name", String(NAME_MAX), nullable=False),
    Column("source", String(SOURCE_MAX), nullable=False),
    Column("reviewed_on", Date, nullable=False),  # the day somebody read the source
    Column("revision", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=True),  # a staff number; None: came with the service
    Index("ix_calendar_day_first", "first"),
)
