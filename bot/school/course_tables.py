"""Rows of the curriculum: courses in versions, programmes, points of the 纲要."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from bot.db.base import Instant, metadata
from bot.org.tables import PATH_MAX

#: Longest id of a course, and longest name of one of its lessons.
ID_MAX = 60

#: A brand under which courses and sessions are offered (羊城家校学堂 …): data, never a constant.
programmes = Table(
    "programme",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("title", String(40), nullable=False),
    Column("lead", String(200), nullable=False),
    Column("place", Integer, nullable=False),  # order on the pages
    Column("is_open", Boolean, nullable=False),
)

#: A course; parents see the version named here, 0: none yet.
courses = Table(
    "course",
    metadata,
    Column("id", String(ID_MAX), primary_key=True),
    Column("title", String(40), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the unit that owns it
    Column("version", Integer, nullable=False),
    Column("retired_at", Instant, nullable=True),  # nobody begins it any more; who began goes on
    Column("created_at", Instant, nullable=False),
)

#: Everything a course says, at one time; never changed once it is published.
course_versions = Table(
    "course_version",
    metadata,
    Column("course", String(ID_MAX), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False),  # bot/courses/states.py
    Column("content", Text, nullable=False),  # JSON of `knowledge.courses.Course`
    Column("made_by", BigInteger, nullable=True),  # a staff number; None: from the files
    Column("made_at", Instant, nullable=False),
    Column("decided_by", BigInteger, nullable=True),
    Column("decided_at", Instant, nullable=True),
    Column("note", String(400), nullable=False, server_default=text("''")),
    # who had a hand in it (staff numbers, JSON): somebody else approves and publishes it
    Column("authors", Text, nullable=False, server_default=text("'[]'")),
)

#: A point of the 课程实施指导纲要 in one of its versions.
points = Table(
    "syllabus_point",
    metadata,
    Column("outline", String(20), primary_key=True),  # version of the 纲要
    Column("code", String(20), primary_key=True),
    Column("stage", String(8), nullable=False),
    Column("title", String(80), nullable=False),
    # leaves of the topics of knowledge (by comma): lessons about them cover the point
    Column("topics", String(400), nullable=False, server_default=text("''")),
    Column("place", Integer, nullable=False),
)

#: Which lessons cover a point; a new 纲要 maps anew, and no learning record changes.
point_lessons = Table(
    "syllabus_lesson",
    metadata,
    Column("outline", String(20), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("course", String(ID_MAX), primary_key=True),
    Column("lesson", String(ID_MAX), primary_key=True),
    Index("ix_syllabus_lesson_course", "course", "lesson"),
)
