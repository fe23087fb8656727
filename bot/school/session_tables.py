"""Rows of sessions: an on-site class, a gate session, an activity; who signed up, who was there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX
from bot.school.course_tables import ID_MAX

#: One meeting at one place and time.
sessions = Table(
    "session",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(16), nullable=False),  # in addresses: says nothing of the order
    Column("area", String(PATH_MAX), nullable=False),  # the unit that holds it
    Column("kind", String(10), nullable=False),  # onsite | gate | activity | reading
    Column("programme", String(40), nullable=False),
    Column("title", String(40), nullable=False),
    Column("text", Text, nullable=False),  # what parents read before it
    Column("place", String(80), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),  # 0: no limit
    # the lesson it teaches, if any: its hours count once, wherever it was learned
    Column("course", String(ID_MAX), nullable=False, server_default=text("''")),
    Column("lesson", String(ID_MAX), nullable=False, server_default=text("''")),
    Column("minutes", SmallInteger, nullable=False),  # credited for being there
    Column("early", SmallInteger, nullable=False),  # minutes before the start that sign-in opens
    Column("late", SmallInteger, nullable=False),  # minutes after the start it is still in time
    Column("secret", String(64), nullable=False),  # of the rotating code
    Column("spoken", String(4), nullable=False),  # digits said aloud; unique among those of the day
    Column("state", String(10), nullable=False),  # draft | open | cancelled
    Column("revision", Integer, nullable=False),
    Column("plan", BigInteger, nullable=True),  # of a term
    Column("made_by", BigInteger, nullable=True),
    Column("made_at", Instant, nullable=False),
    Column(
        "reminded", String(16), nullable=False, server_default=text("''")
    ),  # `day hour`: ordered
    Index("uq_session_code", "code", unique=True),
    Index("ix_session_starts", "starts_at"),
    Index("ix_session_area", "area", "starts_at"),
)

#: A parent wants to come: has a seat, waits for one, or gave it back.
signups = Table(
    "session_signup",
    metadata,
    Column("session", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("state", String(9), nullable=False),  # going | waiting | cancelled
    Column("at", Instant, nullable=False),  # of the last change; who waits longest comes first
    Index("ix_session_signup_person", "account", "openid"),
)

#: A parent was there: once a session. A make-up names its reason, never the parent's name.
check_ins = Table(
    "session_check_in",
    metadata,
    Column("session", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("way", String(8), nullable=False),  # code | spoken | staff | makeup
    Column("is_late", SmallInteger, nullable=False),
    Column("reason", String(80), nullable=False, server_default=text("''")),
    Column("by_staff", BigInteger, nullable=True),
    Index("ix_session_check_in_person", "account", "openid"),
)
