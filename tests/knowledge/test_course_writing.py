"""A course written to files is read as the same course, and is judged the same without files."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import course_writing, courses
from knowledge.courses import Card, Question

SEED = courses.load()


def packed(course):
    return {name: text.encode() for name, text in course_writing.files(course).items()}


@pytest.mark.parametrize("course", SEED, ids=lambda c: c.id)
def test_a_course_of_the_seed_comes_back_the_same_and_has_no_fault(course):
    faults = []
    assert courses.parse(Path(course.id), packed(course), faults) == course
    assert (faults, courses.judge(course)) == ([], [])


def test_texts_that_yaml_would_take_otherwise_come_back():
    odd = replace(
        SEED[0].lessons[0],
        title="12: 是 #号",
        quiz=(Question("yes", ("no", "1, 2", "「a」: b"), 1, "- 'x' \"y\" {{hotline:110}}"),),
    )
    course = replace(SEED[0], lessons=(odd, *SEED[0].lessons[1:]))
    assert courses.parse(Path(course.id), packed(course), []) == course


def test_a_course_in_no_file_is_judged_as_one_in_files():
    first, *rest = SEED[0].lessons
    worse = replace(
        first,
        title="字" * 17,
        cards=(Card("", "短。"), *first.cards[1:]),
        quiz=(replace(first.quiz[0], why=""), *first.quiz[1:]),
    )
    course = replace(SEED[0], level="deep", lessons=(worse, *rest))
    faults = []
    courses.parse(Path(course.id), packed(course), faults)
    found = courses.judge(course)
    key = sorted((f.path.name, f.field, f.problem) for f in found)
    assert key == sorted((f.path.name, f.field, f.problem) for f in faults)
    assert [f.field for f in found] == [
        "level", "cards[1].title", "cards[1].body", "title", "quiz[1].why",
    ]  # fmt: skip


def test_twin_titles_within_a_course_are_a_fault():
    first, second, *rest = SEED[0].lessons
    course = replace(SEED[0], lessons=(first, replace(second, title=first.title), *rest))
    assert any("is also that of" in f.problem for f in courses.judge(course))


def test_a_long_text_with_a_brace_is_written_at_once():
    assert course_writing.scalar("字" * 5000 + "{").startswith('"')
