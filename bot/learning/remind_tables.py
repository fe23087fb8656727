"""Rows of reminders of courses: what was ordered together, and for whom."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, text

from bot.db.base import Instant, RowId, metadata
from bot.school.course_tables import ID_MAX

#: Everybody of one account who is told the same at the same time: one order in the ledger.
runs = Table(
    "reminder_run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("due", String(10), nullable=False),  # states.Due
    Column("said", String(16), nullable=False),  # which text of remind_texts.yaml
    Column("course", String(ID_MAX), nullable=False),
    Column("version", Integer, nullable=False),
    Column("lesson", String(ID_MAX), nullable=False),  # its name
    Column("broadcast", BigInteger, nullable=True),  # the order; empty only inside a transaction
    Column("begins_at", Instant, nullable=False),
    # when every conversation of it knew; a run is only looked at until then
    Column("told_at", Instant, nullable=True),
    Index("ix_reminder_run_begins", "begins_at"),
    Index("ix_reminder_run_open", "begins_at", sqlite_where=text("told_at IS NULL"),
          postgresql_where=text("told_at IS NULL")),
)  # fmt: skip

#: One parent of a run; `acted_at` is their last act when it was ordered: a later one ends it.
persons = Table(
    "reminder_person",
    metadata,
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("openid", String(64), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("enrolment", BigInteger, nullable=False),
    Column("acted_at", Instant, nullable=False),
    # what the conversation was told: nothing yet | offered | waits | none
    Column("told", String(8), nullable=False, server_default=text("''")),
    Column("shown_at", Instant, nullable=True),  # the line at the next visit
    Index("ix_reminder_person_openid", "openid", "run"),
)
