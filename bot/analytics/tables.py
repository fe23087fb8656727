"""Rows of the figures: what was asked on a day, counted; nobody who asked is in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table

from bot.db.base import Instant, metadata

#: In a dimension: all its values together.
ALL = "*"

#: One row counts what was noted on one day of one district, age band, topic and kind; in each of
#: the three dimensions also for all values together, and for all districts of a city (`gz/*`), so
#: that no page adds up thousands of rows.
facts = Table(
    "daily_fact",
    metadata,
    Column("area", String(255), primary_key=True),  # a district's path; empty: not known
    Column("stage", String(8), primary_key=True),  # a band of entry.AGES; empty: not known
    Column("day", Date, primary_key=True),  # in Guangzhou
    Column("topic", String(64), primary_key=True),  # a leaf; empty: nothing near
    Column("kind", String(16), primary_key=True),  # a value of cells.Kind
    Column("count", Integer, nullable=False),
    Column("askers", Integer, nullable=False),  # different ones, on this day
    Column("lots", BigInteger, nullable=False),  # see cells.lot
    sqlite_with_rowid=False,
)

#: Which days are counted, and when they were: a day is counted again when its votes are in.
counted = Table(
    "counted_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("counted_at", Instant, nullable=False),
)

#: The funnel as it may be shown: what must not be shown has no count, so that no query, page or
#: file can tell it. Written as a whole once a day (funnel_job.py), never changed in part.
funnel = Table(
    "funnel_figure",
    metadata,
    Column("area", String(255), primary_key=True),  # a unit, never below a school
    Column("course", String(60), primary_key=True),  # `*`: a whole programme; empty: all people
    Column("programme", String(40), primary_key=True),  # empty: all people
    Column("step", String(10), primary_key=True),  # funnel.Step
    Column("count", Integer, nullable=True),
    Column("counted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
