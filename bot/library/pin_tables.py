"""Rows of pinned answers: official words for one place and a short time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: Nobody of the parents stands here. Rows are never deleted: what was said officially stays known.
pins = Table(
    "pinned_answer",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    # whose parents get it; empty: the whole city
    Column("area", String(PATH_MAX), nullable=False),
    Column("topic", String(64), nullable=False),
    # `Entry.to_json`: the words, their source, the phrasings they answer, the owner
    Column("content", Text, nullable=False),
    Column("version", String(16), nullable=False),
    Column("hours", Integer, nullable=False),  # it stands so long from its approval
    Column("surge", BigInteger, nullable=True),  # the alert it was written for
    Column("state", String(16), nullable=False),  # draft | live | withdrawn
    # rises with every change: the sum over all rows tells every replica to read anew
    Column("revision", Integer, nullable=False),
    Column("authors", Text, nullable=False),  # JSON list of staff numbers: none of them approves
    Column("made_by_name", String(40), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("approved_by", BigInteger, nullable=True),
    Column("approved_by_name", String(40), nullable=False),
    Column("approved_at", Instant, nullable=True),
    Column("until", Instant, nullable=True),
    Column("withdrawn_at", Instant, nullable=True),
    Column("note", String(200), nullable=False),
    Index("ix_pinned_answer_state", "state", "until"),
)
