"""Rows of a publicity week: its plan day by day, its quiz, live talks, and what is counted."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: One week of one year for the city, or for one district beside it.
plans = Table(
    "week_plan",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("year", Integer, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("state", String(8), nullable=False),  # draft | frozen
    Column("revision", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("frozen_at", Instant, nullable=True),
    Column("frozen_by", BigInteger, nullable=True),
    Index("uq_week_plan", "year", "area", unique=True),
)

#: One entry of a plan. Days count from the Monday of the week, so it moves with the year.
items = Table(
    "week_item",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("plan", BigInteger, nullable=False),
    Column("day", SmallInteger, nullable=False),
    Column("minute", SmallInteger, nullable=True),  # of the day in Guangzhou; None: all day
    Column("kind", String(8), nullable=False),  # a name of words.yaml
    Column("title", String(60), nullable=False),
    Column("text", String(600), nullable=False),
    Column("theme", String(40), nullable=False),
    Column("channel", String(8), nullable=False),  # of a push: mass | notice | custom; else empty
    Column("about", String(64), nullable=False),  # the campaign that was made of it
    Index("ix_week_item_plan", "plan", "day"),
)

#: Another text for an entry of a frozen plan, until a second person takes or drops it.
texts = Table(
    "week_text",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("item", BigInteger, nullable=False),
    Column("title", String(60), nullable=False),
    Column("text", String(600), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_name", String(40), nullable=False),
    Column("decided_at", Instant, nullable=True),
    Column("decided_by", BigInteger, nullable=True),
    Column("is_taken", Boolean, nullable=True),
    Index("ix_week_text_item", "item"),
)

#: One question of a day's quiz; who answered what is not kept.
questions = Table(
    "week_question",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("plan", BigInteger, nullable=False),
    Column("day", SmallInteger, nullable=False),  # 0 to 6
    Column("text", String(120), nullable=False),
    Column("options", Text, nullable=False),  # JSON: two to four texts
    Column("answer", SmallInteger, nullable=False),  # place of the right one, from 0
    Column("why", String(300), nullable=False),
    Index("ix_week_question_plan", "plan", "day"),
)

#: How often an option was chosen; no row says by whom.
choices = Table(
    "week_choice",
    metadata,
    Column("question", BigInteger, primary_key=True, autoincrement=False),
    Column("option", SmallInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

#: How often a page of the week was opened on a day; no row says by whom.
views = Table(
    "week_view",
    metadata,
    Column("day", Date, primary_key=True),
    Column("what", String(16), primary_key=True),  # landing | quiz | wall | live
    Column("count", Integer, nullable=False),
)

#: One live talk, and where it can be seen afterwards.
talks = Table(
    "live_talk",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("year", Integer, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("title", String(60), nullable=False),
    Column("speaker", String(60), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("url", String(300), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("replay_url", String(300), nullable=False),
    # credited once to a parent who has watched the replay; 0: the replay is shown alone
    Column("minutes", SmallInteger, nullable=False, server_default=text("0")),
    Column("state", String(12), nullable=False),  # open | cancelled
    Column("revision", Integer, nullable=False),
    Column("reminded_at", Instant, nullable=True),  # when the reminder was ordered
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Index("ix_live_talk_starts_at", "starts_at"),
    Index("ix_live_talk_area", "area"),
)

#: Who wants to be reminded of a live talk; gone with the parent, and 30 days after the talk.
bookings = Table(
    "live_booking",
    metadata,
    Column("talk", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_live_booking_person", "openid", "account"),
)
