"""Rows of the links that open one parent's own page, and of the phones that have logged in."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.db.base import Instant, metadata

#: Length of a hex SHA-256: the key in the address is kept as its hash only.
HASH = 64

parent_links = Table(
    "parent_link",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),  # empty once it has expired or was erased
    Column("purpose", String(16), nullable=False),  # data
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("uses", Integer, nullable=False),
    Index("ix_parent_link_person", "openid", "account"),
    Index("ix_parent_link_expires_at", "expires_at"),
)

#: A phone that has logged in: the key in its cookie is kept as its hash only.
parent_sessions = Table(
    "parent_session",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_parent_session_person", "openid", "account"),
    Index("ix_parent_session_expires_at", "expires_at"),
)

#: A login that came back: no state works twice. A page loaded twice finds the first one's session.
parent_logins = Table(
    "parent_login",
    metadata,
    Column("state", String(HASH), primary_key=True),
    Column("code", String(HASH), nullable=False),
    Column("session", String(HASH), nullable=False),  # hash of its key; empty: not yet
    Column("used_at", Instant, nullable=False),
    Index("ix_parent_login_used_at", "used_at"),
)
