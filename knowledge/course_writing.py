"""A course to the texts of its files: `courses.parse` reads the same course from them."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.courses import Course
from knowledge.lessons import Lesson, Question
from knowledge.writing import flow, scalar


def files(course: Course) -> dict[str, str]:
    """Return the text of each file of a course by its name."""
    found = {"course.yaml": _course(course)}
    return found | {f"{lesson.name}.md": lesson_text(lesson) for lesson in course.lessons}


def _course(course: Course) -> str:
    fields = {
        "id": scalar(course.id),
        "title": scalar(course.title),
        "programme": scalar(course.programme),
        "stages": flow(course.stages),
        "grades": flow(course.grades),
        "level": scalar(course.level),
        "topics": flow(course.topics),
        "goal": scalar(course.goal),
        "points": flow(course.points),
        "lessons": flow(lesson.name for lesson in course.lessons),
        "related": flow(course.related),
        "status": scalar(course.status),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def lesson_text(lesson: Lesson) -> str:
    """Return the file of a lesson."""
    head = "\n".join(_head(lesson))
    cards = "\n\n".join(f"## {card.title}\n{card.body}" for card in lesson.cards)
    return f"---\n{head}\n---\n{cards}\n"


def _head(lesson: Lesson) -> Iterator[str]:
    yield f"title: {scalar(lesson.title)}"
    yield f"minutes: {lesson.minutes}"
    yield f"topic: {scalar(lesson.topic)}"
    yield f"summary: {scalar(lesson.summary)}"
    yield "quiz:" if lesson.quiz else "quiz: []"
    for question in lesson.quiz:
        yield from _question(question)
    practice = lesson.practice
    yield "practice:"
    yield f"  title: {scalar(practice.title)}"
    yield f"  do: {scalar(practice.do)}"
    yield f"  minutes: {practice.minutes}"
    yield f"  check: {scalar(practice.check)}"
    yield "  stuck:" if practice.stuck else "  stuck: []"
    for stuck in practice.stuck:
        yield f"    - when: {scalar(stuck.when)}"
        yield f"      then: {scalar(stuck.then)}"


def _question(question: Question) -> Iterator[str]:
    yield f"  - ask: {scalar(question.ask)}"
    yield f"    options: {flow(question.options)}"
    yield f"    right: {question.right}"
    yield f"    why: {scalar(question.why)}"
