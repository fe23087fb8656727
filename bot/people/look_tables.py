"""Rows of looks: who of the staff opened what is kept of a parent; the parent can ask for it.

Looks at the words of a ticket have a table of their own (`bot/handoff/tables.py`): they need a
reason and a second person. These need neither, and are told all the same.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from bot.db.base import Instant, RowId, metadata

#: What was really looked at: `about` is a name of intents/zh/who_saw_me.yaml.
looks = Table(
    "record_look",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("staff", BigInteger, nullable=False),
    Column("role", String(24), nullable=False),
    Column("about", String(16), nullable=False),  # visit
    Column("number", BigInteger, nullable=False),  # of the row that was looked at
    Column("at", Instant, nullable=False),
    Index("ix_record_look_person", "account", "openid"),
    Index("ix_record_look_row", "about", "number"),
)
