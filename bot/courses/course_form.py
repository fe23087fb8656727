"""What a course says of itself in a form: all but its lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.console.forms import Form
from bot.spreadsheet.values import items
from knowledge.courses import GRADES, LEVELS, STAGES, Course
from knowledge.lessons import Lesson, Practice
from knowledge.topics import topics

_TITLE, _GOAL, _LIST = 40, 400, 2000


def blank(name: str, title: str, programme: str) -> Course:
    """Return a course that says nothing yet."""
    return Course(
        id=name, title=title, programme=programme, stages=(), grades=(), level=LEVELS[0],
        topics=(), goal="", points=(), lessons=(), related=(), status="draft",
    )  # fmt: skip


def blank_lesson(name: str) -> Lesson:
    """Return a lesson that says nothing yet."""
    return Lesson(name, "", 3, "", "", (), Practice("", "", 5, "", ()), ())


def filled(course: Course) -> tuple[dict[str, Sequence[str]], dict[str, str]]:
    """Return the ticked boxes and the values of a form for a course."""
    lists: dict[str, Sequence[str]] = {
        "stages": course.stages,
        "grades": course.grades,
        "topics": course.topics,
    }
    values = {
        "title": course.title, "programme": course.programme, "level": course.level,
        "goal": course.goal, "points": " ".join(course.points),
        "related": "\n".join(course.related),
    }  # fmt: skip
    return lists, values


def read(form: Form, before: Course, programmes: Sequence[str]) -> Course:
    """Return the course of a form with the lessons it had; the form holds what is wrong."""
    return replace(
        before,
        title=form.text("title", most=_TITLE),
        programme=form.one_of("programme", programmes),
        level=form.one_of("level", LEVELS),
        stages=form.some_of("stages", STAGES),
        grades=form.some_of("grades", GRADES),
        topics=form.some_of("topics", topics()),
        goal=" ".join(form.text("goal", most=_GOAL, needed=False).split()),
        points=tuple(items(form.text("points", most=_LIST, needed=False))),
        related=tuple(items(form.text("related", most=_LIST, needed=False))),
    )


def with_topics(course: Course) -> Course:
    """Return the course with the topics of its lessons among its own."""
    known = topics()
    missing = {lesson.topic for lesson in course.lessons if lesson.topic in known}
    wanted = {*course.topics} | missing
    return replace(course, topics=tuple(leaf for leaf in known if leaf in wanted))


def next_name(course: Course, slug: str) -> str:
    """Return the name of one more lesson: the next number and a short name."""
    taken = [int(one.name[:2]) for one in course.lessons if one.name[:2].isdigit()]
    return f"{max(taken, default=0) + 1:02}-{slug}"


def with_lesson(course: Course, lesson: Lesson) -> Course:
    """Return the course with this lesson in the place of the one of its name, or at the end."""
    if all(one.name != lesson.name for one in course.lessons):
        return replace(course, lessons=(*course.lessons, lesson))
    lessons = tuple(lesson if one.name == lesson.name else one for one in course.lessons)
    return replace(course, lessons=lessons)


def earlier(course: Course, name: str) -> Course:
    """Return the course with a lesson one place nearer to the beginning."""
    lessons = list(course.lessons)
    for at, (_, later) in enumerate(pairwise(course.lessons)):
        if later.name == name:
            lessons[at], lessons[at + 1] = lessons[at + 1], lessons[at]
    return replace(course, lessons=tuple(lessons))


def without(course: Course, name: str) -> Course:
    """Return the course without a lesson."""
    return replace(course, lessons=tuple(one for one in course.lessons if one.name != name))
