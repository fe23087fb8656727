"""Rows of what many ask at once, in one district: sudden surges, and the rising topics of a week.

No words stand here: `samples` are ids of decisions, whose words go with their days or when the
parent erases them.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Date, Float, Index, Integer, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX


class SurgeState(StrEnum):
    """Where a surge stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"


#: States in which a surge is still looked after.
ALIVE = (SurgeState.OPEN, SurgeState.ASSIGNED)

surges = Table(
    "surge",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("area", String(PATH_MAX), nullable=False),  # a district; empty: places not known
    Column("state", String(16), nullable=False),
    Column("topic", String(64), nullable=False),  # what most of the questions seem to be of
    Column("samples", Text, nullable=False),  # JSON list of decisions
    Column("count", Integer, nullable=False),  # the most questions that were in one window
    Column("askers", Integer, nullable=False),
    Column("usual", Float, nullable=False),  # the mean of the same hour of the days before
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("assignee", BigInteger, nullable=True),
    Column("note", String(200), nullable=False),
    Column("closed_at", Instant, nullable=True),
    Column("closed_by", BigInteger, nullable=True),
    Index("ix_surge_state", "state", "last_at"),
)

#: The rising topics of the days up to `day`, by district.
hot = Table(
    "hot_topic",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("place", Integer, nullable=False),  # 1: what rises most
    Column("topic", String(64), nullable=False),
    Column("samples", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("before", Integer, nullable=False),
    Column("askers", Integer, nullable=False),
    Column("entry", String(128), nullable=True),  # the published answer that is suggested
    Index("ix_hot_topic_area", "day", "area", "place"),
)
