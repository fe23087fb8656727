"""Rows beside a session: passes of parents, make-ups by count, the code of a poster."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, String, Table

from bot.db.base import Instant, RowId, metadata

#: What a parent shows at the door for some minutes: the staff scan it or type its digits.
passes = Table(
    "session_pass",
    metadata,
    Column("session", BigInteger, primary_key=True, autoincrement=False),
    Column("digits", String(6), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_session_pass_person", "account", "openid"),
)

#: So many people without a phone were there, for one reason; nobody's name.
makeups = Table(
    "session_makeup",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("session", BigInteger, nullable=False),
    Column("count", SmallInteger, nullable=False),
    Column("reason", String(80), nullable=False),
    Column("by_staff", BigInteger, nullable=True),
    Column("at", Instant, nullable=False),
    Index("ix_session_makeup_session", "session"),
)

#: The code the platform made for the poster of a session.
posters = Table(
    "session_poster",
    metadata,
    Column("session", BigInteger, primary_key=True, autoincrement=False),
    Column("url", String(200), nullable=False),
    Column("expires_at", Instant, nullable=False),
)
