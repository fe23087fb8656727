"""What a parent has learned, counted: from the learning record and the finished courses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, tuple_

from bot.awards import rules
from bot.clock import day
from bot.org import grades
from bot.people.families import Person
from bot.school import record
from bot.school.course_tables import courses
from bot.school.learner_tables import enrolments, evidence


@dataclass(frozen=True, slots=True)
class Learner:
    """Rows of one person: `record` of learning_evidence, `finished` courses with their titles."""

    record: Sequence[Any]
    finished: Sequence[Any]

    @property
    def years(self) -> list[int]:
        """Return the school years anything was learned in, by the year they begin in."""
        days = [row.at for row in self.record] + [row.finished_at for row in self.finished]
        return sorted({grades.school_year(day(at)) for at in days})

    def within(self, year: int) -> Learner:
        """Return what was learned in one school year."""
        return Learner(
            [row for row in self.record if grades.school_year(day(row.at)) == year],
            [row for row in self.finished if grades.school_year(day(row.finished_at)) == year],
        )

    def minutes(self, course: str = "") -> int:
        """Return the minutes that count, of everything or of one course."""
        part = re.compile(rf"(?:^|:){re.escape(course)}(?:/|$)")
        rows = [r for r in self.record if part.search(r.subject) or part.search(r.about)]
        return record.minutes(rows if course else self.record)


def count(learner: Learner) -> dict[str, int]:
    """Return every measure of stars.yaml: subjects once, whole hours (学时)."""
    found = {"courses": len(learner.finished), "hours": learner.minutes() // record.hours()["hour"]}
    for name, measure in rules.stars()["measures"].items():
        if "kinds" in measure:
            taken = {(r.kind, r.subject) for r in learner.record if r.kind in measure["kinds"]}
            found[name] = len(taken)
    return found


def record_of(persons: Collection[Person]) -> Select[Any]:
    """Return the learning record of these persons."""
    e = evidence.c
    return select(evidence).where(tuple_(e.account, e.openid).in_(list(persons))).order_by(e.id)


def finished_of(persons: Collection[Person]) -> Select[Any]:
    """Return the courses these persons have finished, with the titles of today."""
    e = enrolments.c
    return (
        select(e.account, e.openid, e.course, e.finished_at, courses.c.title)
        .join_from(enrolments, courses, courses.c.id == e.course)
        .where(tuple_(e.account, e.openid).in_(list(persons)))
        .where(e.finished_at.is_not(None))  # a course taken once more stays finished
        .order_by(e.id)
    )


def learners(record_rows: Iterable[Any], finished: Iterable[Any]) -> Mapping[Person, Learner]:
    """Return the rows by person."""
    found: dict[Person, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for place, rows in enumerate((record_rows, finished)):
        for row in rows:
            found[row.account, row.openid][place].append(row)
    return {person: Learner(*rows) for person, rows in found.items()}
