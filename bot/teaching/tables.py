"""Rows of a school's term plan, of a class's chosen module, and of home visits."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    text,
)

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX
from bot.school.course_tables import ID_MAX

#: The module a class teacher chose for a week; without a row it is computed.
class_weeks = Table(
    "class_week",
    metadata,
    Column("area", String(PATH_MAX), primary_key=True),
    Column("monday", Date, primary_key=True),
    Column("course", String(ID_MAX), nullable=False),
    Column("lesson", String(ID_MAX), nullable=False),
)

#: One term of one school.
plans = Table(
    "term_plan",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("area", String(PATH_MAX), nullable=False),  # the school
    Column("title", String(40), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("state", String(10), nullable=False),  # draft | published
    Column("revision", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("published_at", Instant, nullable=True),
    Index("uq_term_plan", "area", "first", unique=True),
)

#: One entry of a plan: an on-site class, a recommended lesson, or a time of home visits.
items = Table(
    "term_item",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("plan", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),  # onsite | lesson | visits
    Column("day", Date, nullable=False),
    Column("last", Date, nullable=False),  # the same day for an on-site class
    Column("minute", SmallInteger, nullable=True),  # after midnight in Beijing, of on-site classes
    Column("minutes", SmallInteger, nullable=False),  # that it lasts; 0: no such thing
    Column("title", String(40), nullable=False),
    Column("place", String(80), nullable=False),
    Column("course", String(ID_MAX), nullable=False),
    Column("lesson", String(ID_MAX), nullable=False),
    Column("session", BigInteger, nullable=True),  # made when the plan was published
    Index("ix_term_item_plan", "plan", "day"),
    # a week has seven days: those of this week are looked for by their day
    Index("ix_term_item_day", "day"),
)

#: A time a class teacher offers for a home visit.
slots = Table(
    "visit_slot",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(16), nullable=False),  # in addresses: says nothing of the order
    Column("area", String(PATH_MAX), nullable=False),  # the class
    Column("staff", BigInteger, nullable=False),
    Column("form", String(8), nullable=False),  # home | online | school
    Column("starts_at", Instant, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("place", String(80), nullable=False),
    Column("state", String(4), nullable=False),  # open | off
    Column("made_at", Instant, nullable=False),
    Index("uq_visit_slot_code", "code", unique=True),
    Index("uq_visit_slot_staff", "staff", "starts_at", unique=True,
          sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index("ix_visit_slot_area", "area", "starts_at"),
    Index("ix_visit_slot_starts", "starts_at"),
)  # fmt: skip

#: A parent chose a slot. One parent a slot, one open visit of a parent and class.
visits = Table(
    "home_visit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(16), nullable=False),
    Column("slot", BigInteger, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the slot's class
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("called", LargeBinary, nullable=True),  # sealed: how the teacher knows the family
    Column("topics", String(120), nullable=False),  # names of words.yaml, with spaces
    Column("state", String(8), nullable=False),  # booked | done | missed | off
    Column("booked_at", Instant, nullable=False),
    Column("record", LargeBinary, nullable=True),  # sealed: what was agreed
    Column("recorded_at", Instant, nullable=True),
    Column("reminded_at", Instant, nullable=True),
    Index("uq_home_visit_code", "code", unique=True),
    Index("uq_home_visit_slot", "slot", unique=True),
    Index("uq_home_visit_open", "account", "openid", "area", unique=True,
          sqlite_where=text("state = 'booked'"), postgresql_where=text("state = 'booked'")),
    Index("ix_home_visit_person", "account", "openid"),
    Index("ix_home_visit_area", "area", "state"),
)  # fmt: skip
