"""Rows of answering: the published base, its versions, and the record of each answer."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.db.base import Instant, RowId, metadata

#: What parents are answered from now; the content is `Entry.to_json`.
published = Table(
    "published_entry",
    metadata,
    Column("entry", String(128), primary_key=True),
    Column("version", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("origin", String(16), nullable=False),  # file | console
    Column("published_at", Instant, nullable=False),
)

#: Every version that was ever published, so that an old answer can be looked up word for word.
versions = Table(
    "entry_version",
    metadata,
    Column("entry", String(128), primary_key=True),
    Column("version", String(16), primary_key=True),
    Column("content", Text, nullable=False),
    Column("first_published_at", Instant, nullable=False),
)

#: One row: the version of the whole base; a change tells every replica to reload.
base = Table(
    "base",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", String(16), nullable=False),
    # the fitted index, so that no replica fits it again (`Index.dumps`)
    Column("index", LargeBinary, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

#: What was answered and why. `asker` is the keyed hash, never the openid.
decisions = Table(
    "decision",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    # the short id parents see; 40 bits, so two answers in millions may share one
    Column("code", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("asker", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("intent", String(48), nullable=False),
    Column("band", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("entry", String(128), nullable=True),
    Column("version", String(16), nullable=True),
    Column("base_version", String(16), nullable=False),
    Column("probability", Float, nullable=False),
    Column("hits", Text, nullable=False),
    Column("feedback", Integer, nullable=True),
    Column("feedback_at", Instant, nullable=True),
    # for the figures alone. Where the parent came from, never finer than a district; the age band
    # the question itself names; the topic of the nearest entry. Empty: not known, none
    Column("area", String(255), nullable=False, server_default=text("''")),
    Column("stage", String(8), nullable=False, server_default=text("''")),
    Column("topic", String(64), nullable=False, server_default=text("''")),
    Index("ix_decision_code", "code"),
    Index("ix_decision_at", "at"),
)

#: Answers that were none: written with the turn, taken away when the question is put into a gap.
missed = Table(
    "missed_question",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(12), nullable=False),  # of the decision
    Column("asker", String(12), nullable=False),
    Column("reason", String(16), nullable=False),  # declined | expired | none_meant | not_helpful
    Column("at", Instant, nullable=False),
    Index("ix_missed_question_asker", "asker"),
)

#: Parents who want to be told when their question has an answer: once, and only while they follow.
wishes = Table(
    "answer_wish",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("asker", String(12), nullable=False),
    Column("code", String(12), nullable=False),  # of the decision that had no answer
    Column("at", Instant, nullable=False),
    Column(
        "state", String(16), nullable=False
    ),  # waiting|sending|sent|refused|unknown|held|withdrawn
    Column("entry", String(128), nullable=True),
    Column("told_at", Instant, nullable=True),
    UniqueConstraint("code", "openid", "account", name="uq_answer_wish_code"),
    Index("ix_answer_wish_state", "state", "at"),
    Index("ix_answer_wish_asker", "asker"),
)

#: What staff propose to answer from now on, in their own words: for the curators to take up.
suggestions = Table(
    "suggestion",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("ticket", String(12), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("state", String(16), nullable=False),  # new | taken | dropped
    Index("ix_suggestion_state", "state"),
)
