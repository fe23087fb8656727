"""Rows of the links that open one parent's own page."""

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
