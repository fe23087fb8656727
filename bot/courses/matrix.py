"""The curriculum as a matrix: groups of topics by age, basic and further courses, and its holes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.courses import Course
from knowledge.entry import AGES
from knowledge.topics import Topic, topics

#: Which stages and grades make up an age of the matrix.
STAGE_OF = {
    "a0_3": "infant", "a3_6": "kinder", "p_low": "primary", "p_high": "primary",
    "junior": "junior", "senior": "senior",
}  # fmt: skip
_SERVICE = "svc"
_GRADES = {"p_low": {"p1", "p2", "p3"}, "p_high": {"p4", "p5", "p6"}}


@dataclass(slots=True)
class Cell:
    """Courses of a group of topics for an age, by level; expected: a topic concerns the age."""

    expected: bool
    courses: dict[str, list[Course]] = field(default_factory=lambda: {"base": [], "more": []})

    @property
    def is_hole(self) -> bool:
        """Say whether a basic course is missing."""
        return self.expected and not self.courses["base"]


def made(courses: Iterable[Course]) -> dict[str, dict[str, Cell]]:
    """Return the cells by group of topics and age."""
    found = {
        top: {age: Cell(any(age in t.ages for t in leaves)) for age in AGES}
        for top, leaves in _tops().items()
    }
    for course in courses:
        for top in {lesson.topic.partition(".")[0] for lesson in course.lessons} & found.keys():
            for age in AGES:
                if is_for(course, age):
                    found[top][age].courses.setdefault(course.level, []).append(course)
    return found


def _tops() -> dict[str, list[Topic]]:
    """Return the leaves by their group; how this service works is no subject of a course."""
    found: dict[str, list[Topic]] = {}
    for leaf, topic in topics().items():
        top = leaf.partition(".")[0]
        if top != _SERVICE:
            found.setdefault(top, []).append(topic)
    return found


def is_for(course: Course, age: str) -> bool:
    """Say whether a course is for children of an age; no grades of a stage: for all of them."""
    if STAGE_OF[age] not in course.stages:
        return False
    of_stage = {g for g in course.grades if g.startswith("p")}
    return not (of_stage and age in _GRADES) or bool(of_stage & _GRADES[age])
