"""Which courses fit a family: by the stages and grades of its children today, by topic; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.org import grades
from knowledge.courses import GRADES, Course

_LETTERS = {stage: code[0] for code, stage in GRADES.items()}
_COUNTS = {stage: sum(s == stage for s in GRADES.values()) for stage in _LETTERS}


@dataclass(frozen=True, slots=True)
class Kid:
    """A child as courses see it: stage, grade (`p3`; empty: not known), what it is called."""

    stage: str
    grade: str = ""
    label: str = ""


def kid(stage: str, entry_year: int | None, today: date) -> Kid | None:
    """Return a child as it is today; None: it has left the stage it was told in.

    Who enters next autumn counts as of the first grade.
    """
    words = grades.words()
    name = words.labels["infant"] if stage == grades.INFANT else words.stages[stage]
    if entry_year is None or stage == grades.INFANT:
        return Kid(stage, "", name)
    at = max(grades.school_year(today) - entry_year + 1, 1)
    if at > _COUNTS[stage]:
        return None
    called = grades.grade(stage, entry_year, today)
    return Kid(stage, f"{_LETTERS[stage]}{at}", f"{name}{called}" if stage == "kinder" else called)


def fitting(
    courses: Iterable[Course], kids: Sequence[Kid], topic: str = "", without: Iterable[str] = ()
) -> list[Course]:
    """Return the courses for any of these children, the closest first.

    A topic, or a top topic, that was named goes first; then courses made for the grade; then those
    made for few stages.
    """
    left = set(without)
    found = [c for c in courses if c.id not in left and any(_fits(c, one) for one in kids)]

    def far(course: Course) -> tuple[bool, bool, int, str]:
        of_topic = any(t == topic or t.startswith(f"{topic}.") for t in course.topics)
        is_named = any(one.grade and one.grade in course.grades for one in kids)
        return (bool(topic) and not of_topic, not is_named, len(course.stages), course.id)

    return sorted(found, key=far)


def _fits(course: Course, one: Kid) -> bool:
    if one.stage not in course.stages:
        return False
    of_stage = [g for g in course.grades if GRADES[g] == one.stage]
    return not (one.grade and of_stage) or one.grade in of_stage


def related(courses: Iterable[Course], done: Course, without: Iterable[str] = ()) -> list[Course]:
    """Return the courses nearest to one that is finished: for the same stages, of its topics."""
    left = {done.id, *without}
    topics, stages = set(done.topics), set(done.stages)
    found = [c for c in courses if c.id not in left and stages & set(c.stages)]
    return sorted(found, key=lambda c: (-len(topics & set(c.topics)), len(c.stages), c.id))
