"""Rows of learning: who takes which course and where they are, and what was learned."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX
from bot.school.course_tables import ID_MAX

#: One parent takes one course, in the version it was begun with.
enrolments = Table(
    "enrolment",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("course", String(ID_MAX), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # states.Standing
    Column("lesson", SmallInteger, nullable=False),  # place of the lesson at hand, from 0
    Column("step", String(10), nullable=False),  # states.Step
    Column("at_step", SmallInteger, nullable=False),  # card or question at hand, from 0
    # when the parent wants to be reminded: minutes after midnight in Beijing; None: never
    Column("clock", SmallInteger, nullable=True),
    # what the next reminder is for and when it is due; both empty: none is planned
    Column("due_at", Instant, nullable=True),
    Column("due", String(10), nullable=False, server_default=text("''")),  # states.Due
    Column("nudges", SmallInteger, nullable=False, server_default=text("0")),  # since the last act
    Column("begun_at", Instant, nullable=False),
    Column("acted_at", Instant, nullable=False),  # the parent's last act in it
    Column("finished_at", Instant, nullable=True),
    Index("uq_enrolment_person", "account", "openid", "course", unique=True),
    # what is due is read from the front of this index, whatever the table's size
    Index("ix_enrolment_due", "due_at", sqlite_where=text("due_at IS NOT NULL"),
          postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_enrolment_course", "course", "state"),
)  # fmt: skip

#: How far one lesson of an enrolment came.
lesson_states = Table(
    "enrolment_lesson",
    metadata,
    Column("enrolment", BigInteger, primary_key=True, autoincrement=False),
    Column("lesson", String(ID_MAX), primary_key=True),
    Column("read_at", Instant, nullable=True),
    Column("quiz_right", SmallInteger, nullable=False, server_default=text("0")),
    Column("quiz_tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("practice", String(8), nullable=False, server_default=text("''")),  # states.Practice
    Column("stuck", SmallInteger, nullable=True),  # place of the branch that was taken
    Column("practice_at", Instant, nullable=True),  # when the parent answered
    Column("done_at", Instant, nullable=True),
)

#: One thing that was learned, of whatever kind: the one learning record (一本账).
evidence = Table(
    "learning_evidence",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("kind", String(10), nullable=False),  # record.Kind
    Column(
        "about", String(140), nullable=False
    ),  # what proves it: `lesson:course/01-x`, `session:7`
    # what it teaches: the same subject learned twice counts its longest time once
    Column("subject", String(140), nullable=False),
    Column("title", String(60), nullable=False),  # as it was called then
    Column("minutes", SmallInteger, nullable=False),
    Column("way", String(10), nullable=False),  # chat | h5 | code | spoken | staff | makeup
    # the class or place it was learned at; empty: at home
    Column("unit", String(PATH_MAX), nullable=False, server_default=text("''")),
    Column("at", Instant, nullable=False),
    Index("uq_learning_evidence", "account", "openid", "kind", "about", unique=True),
    Index("ix_learning_evidence_unit", "unit", "at"),
)
