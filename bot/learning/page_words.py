"""Words of pages.yaml, and small pieces that templates ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from knowledge.courses import GRADES, STAGES, Course, Lesson
from knowledge.topics import topics


@cache
def words() -> Mapping[str, Any]:
    """Return the words of pages.yaml."""
    path = Path(__file__).with_name("pages.yaml")
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Return a text as paragraphs (`p`) and lists (`ul`): a line of a list begins with `- `."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return [
        ("ul" if listed else "p", [line.removeprefix("- ") for line in some])
        for listed, some in groupby(lines, key=lambda line: line.startswith("- "))
    ]


def minutes(lessons: Iterable[Lesson]) -> int:
    """Return how long lessons take to read, in minutes, without their practices."""
    return sum(lesson.minutes for lesson in lessons)


def audience(course: Course) -> str:
    """Return for whom a course is: its stages, and the grades where it names some."""
    named = words()["stages"]
    return str(words()["between"]).join(
        f"{named[stage]}{_grades(course, stage)}" for stage in STAGES if stage in course.stages
    )


def _grades(course: Course, stage: str) -> str:
    """Return the grades of a stage that a course names; empty: all of them."""
    numbers = sorted(int(code[1:]) for code in course.grades if GRADES[code] == stage)
    every = sum(1 for owner in GRADES.values() if owner == stage)
    if not numbers or len(numbers) == every:
        return ""
    is_row = numbers == list(range(numbers[0], numbers[-1] + 1))
    span = f"{numbers[0]}{words()['to']}{numbers[-1]}" if is_row and len(numbers) > 1 else ""
    return f" {span or '/'.join(map(str, numbers))} {words()['grade']}"


def tops(courses: Iterable[Course]) -> dict[str, str]:
    """Return the top topics of courses and their names, in the order of the topics."""
    held = {name.partition(".")[0] for course in courses for name in course.topics}
    found: dict[str, str] = {}
    for leaf, topic in topics().items():
        top = leaf.partition(".")[0]
        if top in held:
            found[top] = topic.top_name
    return found
