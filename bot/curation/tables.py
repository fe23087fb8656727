"""Rows of curation: working copies, revisions, reviews, publications, gate runs, questions."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: What the curators work on; what parents get is `published_entry`.
entries = Table(
    "entry",
    metadata,
    Column("entry", String(128), primary_key=True),
    Column("topic", String(64), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("risk", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # a value of states.State
    Column("revision", Integer, nullable=False),  # the newest; also tells two editors apart
    Column("question", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("words", Text, nullable=False),  # what the list searches: wordings, lower case
    Column("published_version", String(16), nullable=True),
    Column("publish_at", Instant, nullable=True),
    Column("blocked_at", Instant, nullable=True),  # a due publication was stopped by the gate
    Column("review_due", Date, nullable=False),
    Column("valid_until", Date, nullable=True),
    Column("edited_by", BigInteger, nullable=True),
    Column("edited_at", Instant, nullable=False),
    # last: SQLite reads a row up to the column it needs, and a search needs `words` of every row
    Column("content", Text, nullable=False),  # `Entry.to_json`
    Index("ix_entry_edited_at", "edited_at", "entry"),
    Index("ix_entry_topic", "topic", "edited_at"),
    Index("ix_entry_state", "state", "edited_at"),
    Index("ix_entry_publish_at", "publish_at"),
)

#: Every save is kept.
revisions = Table(
    "entry_revision",
    metadata,
    Column("entry", String(128), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # a value of states.Origin
    Column("note", String(200), nullable=False),
    Column("by", BigInteger, nullable=True),
    Column("by_name", String(40), nullable=False),
    Column("at", Instant, nullable=False),
)

reviews = Table(
    "entry_review",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("entry", String(128), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verdict", String(16), nullable=False),  # submit | approve | return
    Column("comment", Text, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("by_name", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_entry_review_entry", "entry", "id"),
)

#: One row each time parents' answers changed, with what changed: any state can be restored.
publications = Table(
    "publication",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),  # publish | retire | rollback | file
    Column("note", String(200), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("gate", BigInteger, nullable=True),
    Column("by", BigInteger, nullable=True),
    Column("by_name", String(40), nullable=False),
    Index("ix_publication_at", "at"),
)

changes = Table(
    "publication_change",
    metadata,
    Column("publication", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", String(128), primary_key=True),
    Column("old", String(16), nullable=True),
    Column("new", String(16), nullable=True),
)

#: What the gate said of one candidate, and who let it pass all the same. Bound to the base before,
#: to the candidate and to the questions: change any of them and the row is worth nothing.
gates = Table(
    "gate_run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),  # publish | rollback
    Column("before", String(16), nullable=False),
    Column("candidate", String(16), nullable=False),
    Column("questions", String(16), nullable=False),
    Column("entries", Text, nullable=False),  # JSON: {entry: version or null}
    Column("blocked", Boolean, nullable=False),
    Column("report", Text, nullable=False),  # JSON
    Column("by", BigInteger, nullable=True),
    Column("by_name", String(40), nullable=False),
    Column("asked_at", Instant, nullable=True),
    Column("asked_by", BigInteger, nullable=True),
    Column("reason", Text, nullable=False),
    Column("passed_at", Instant, nullable=True),
    Column("passed_by", BigInteger, nullable=True),
    Column("passed_by_name", String(40), nullable=False),
    Index("ix_gate_run_at", "at"),
)

#: The questions every publish must pass: those of knowledge/eval, and the curators' own.
golden = Table(
    "golden_question",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=True),  # of a question from a file
    Column("text", Text, nullable=False),
    Column("expected", Text, nullable=False),  # JSON list of entries; empty: none may answer
    Column("style", String(16), nullable=False),
    Column("topic", String(64), nullable=False),  # of the first expected entry
    Column("source", String(16), nullable=False),  # file | console | gap
    Column("active", Boolean, nullable=False),
    Column("by", BigInteger, nullable=True),
    Column("at", Instant, nullable=False),
    Index("uq_golden_question_key", "key", unique=True),
    Index("ix_golden_question_topic", "topic"),
)

#: What became of every question when somebody had the published base asked them all.
golden_runs = Table(
    "golden_run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("base", String(16), nullable=False),
    Column("questions", String(16), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("report", Text, nullable=False),  # JSON: sums, failures, and the outcome of each
    Column("by", BigInteger, nullable=True),
    Column("by_name", String(40), nullable=False),
)

#: Questions nobody answered, grouped by what was needed.
gaps = Table(
    "gap",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("title", Text, nullable=False),  # the question most like all the others
    Column("state", String(16), nullable=False),  # open | assigned | merged | dismissed | solved
    Column("topic", String(64), nullable=False),  # a guess from near entries; may be empty
    Column("assignee", BigInteger, nullable=True),
    Column("merged_into", BigInteger, nullable=True),
    Column("entry", String(128), nullable=True),
    # what parents got of the entry when it was chosen: another version solves the gap
    Column("entry_version", String(16), nullable=True),
    Column("note", String(200), nullable=False),
    Column("questions", Integer, nullable=False),
    Column("askers", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_gap_state", "state", "last_at"),
)

gap_questions = Table(
    "gap_question",
    metadata,
    Column("decision", BigInteger, primary_key=True, autoincrement=False),
    Column("gap", BigInteger, nullable=False),
    Column("code", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("asker", String(12), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("reason", String(16), nullable=False),  # declined | expired | not_helpful | none_meant
    Column("at", Instant, nullable=False),
    Index("ix_gap_question_gap", "gap", "at"),
    Index("ix_gap_question_asker", "asker"),
)

#: Files that were looked at but not taken in yet.
imports = Table(
    "import_run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", String(120), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("plan", Text, nullable=False),  # JSON: counts and rows
    Column("entries", Text, nullable=False),  # JSON list of what would be taken in
    Column("faulty", Text, nullable=False),  # the error file, base 64
    Column("taken_at", Instant, nullable=True),
    Index("ix_import_run_at", "at"),
)
