"""What is written is read back, and the files we ship are written so already."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import files, writing
from knowledge.entry import Asking
from knowledge.topics import CONTENT
from tests.support import entries

SHIPPED = sorted(CONTENT.glob("*/*.md"))


def parsed(entry):
    topic, _, leaf = entry.id.rpartition(".")
    return files.parse(writing.markdown(entry), Path(topic, f"{leaf}.md"))


def test_every_shipped_file_is_written_as_it_stands():
    assert len(SHIPPED) >= 210
    other = [p for p in SHIPPED if writing.markdown(files.read(p)).encode() != p.read_bytes()]
    assert other == []


@given(entries.entries(control=True))
def test_any_entry_is_read_back(entry):
    assert parsed(entry) == entry


@given(entries.entries(control=True))
def test_a_field_stays_on_its_line(entry):
    head = writing.markdown(entry).partition("\n---\n")[0]
    rows = len(entry.sources) + len(entry.similar)
    assert len(head.split("\n")) == 15 + rows + bool(entry.area) + bool(entry.successor)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "No",
        "12",
        "1e5",
        "2026-11-24",
        "~",
        "a: b",
        "a #b",
        "'a'",
        '"a"',
        "- a",
        "a,b",
        "é:",
    ],
)
def test_what_yaml_would_take_for_something_else_is_quoted(make, text):
    entry = make("study.reading.a", owner=text, summary=text)
    assert parsed(entry) == entry
    assert f'owner: "{text}"' in writing.markdown(entry).replace('\\"', '"')


@pytest.mark.parametrize("text", ["孩子 不听话", "3岁", "BB晚晚醒，點樣", "method", "S1"])
def test_ordinary_words_are_written_without_quotes(make, text):
    assert f"owner: {text}\n" in writing.markdown(make("study.reading.a", owner=text))


def test_a_story_is_quoted_always(make):
    entry = replace(make("study.reading.a"), similar=(Asking("一段经过", "story"),))
    assert '  - {style: story, text: "一段经过"}\n' in writing.markdown(entry)


@given(st.text(st.characters(exclude_categories=["Cs"])).map(str.strip).filter(bool))
def test_any_answer_is_kept(answer):
    entry = files.read(SHIPPED[0])
    if "{{" not in answer:
        assert parsed(replace(entry, answer=answer)).answer == answer
