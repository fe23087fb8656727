"""Courses as parents see them: a version is read once and kept, for it never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select

from bot.runtime import Runtime
from bot.school.course_tables import course_versions, courses
from knowledge import hotlines
from knowledge.courses import Card, Course, Lesson, Practice, Question, Stuck

#: Versions kept in memory: all that are taken in a year, with room.
KEPT = 500
_SHELF = "school.versions"


def dumps(course: Course) -> str:
    """Return a course as JSON; the same course is the same text."""
    return json.dumps(asdict(course), ensure_ascii=False, sort_keys=True)


def loads(content: str) -> Course:
    """Return the course of its JSON."""
    data = json.loads(content)
    data["lessons"] = tuple(_lesson(one) for one in data["lessons"])
    for name in ("stages", "grades", "topics", "points", "related"):
        data[name] = tuple(data[name])
    return Course(**data)


def _lesson(data: Mapping[str, Any]) -> Lesson:
    practice = dict(data["practice"])
    practice["stuck"] = tuple(Stuck(**one) for one in practice["stuck"])
    quiz = tuple(Question(**{**one, "options": tuple(one["options"])}) for one in data["quiz"])
    cards = tuple(Card(**one) for one in data["cards"])
    return Lesson(**{**data, "practice": Practice(**practice), "quiz": quiz, "cards": cards})


def published() -> Select[Any]:
    """Return the rows (course, number, content) of what parents may begin today."""
    c, v = courses.c, course_versions.c
    return (
        select(v.course, v.number, v.content)
        .join_from(courses, course_versions, (v.course == c.id) & (v.number == c.version))
        .where(c.version > 0, c.retired_at.is_(None))
        .order_by(v.course)
    )


def content(course: str, number: int) -> Select[Any]:
    """Return the row (course, number, content) of one version, published or not."""
    v = course_versions.c
    return select(v.course, v.number, v.content).where(v.course == course, v.number == number)


def remembered(rt: Runtime, course: str, number: int) -> Course | None:
    """Return a version that was read before."""
    kept: dict[tuple[str, int], Course] = rt.shelf.get(_SHELF, {})
    return kept.get((course, number))


def opened(rt: Runtime, row: Any) -> Course:
    """Return the course of a row of `published` or `content`, from memory where it was read before.

    Its hotlines stand in it as numbers. A draft still changes: only pass versions that are
    published.
    """
    kept: dict[tuple[str, int], Course] = rt.shelf.setdefault(_SHELF, {})
    key = (row.course, row.number)
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = loads(hotlines.fill(row.content))
    return kept[key]
