import re
from collections import Counter
from pathlib import Path

from knowledge import check, coverage, files, hotlines
from knowledge.entry import STYLES
from knowledge.topics import topics

ROOT = Path(__file__).parents[2]


def test_every_file_loads():
    assert len(files.load()) >= 450


def test_the_check_finds_nothing():
    assert [str(fault) for fault in check.check()] == []


def test_all_leaves_are_covered(entries):
    assert len({e.topic for e in entries}) == len(topics()) == 89


def test_every_answer_fills_without_a_placeholder_left(entries):
    for entry in entries:
        filled = hotlines.fill(entry.answer)
        assert not {"{", "}"} & set(filled), entry.id


def test_every_answer_fits_one_message_with_room_for_its_footer(entries):
    for entry in entries:
        assert len(hotlines.fill(entry.answer).encode()) <= 1500, entry.id


def test_no_age_is_without_an_entry(entries):
    assert coverage.holes(coverage.counts(entries)) == []


def test_each_topic_has_three_answers_and_the_forty_most_asked_six(entries):
    by_topic = Counter(entry.topic for entry in entries)
    assert min(by_topic.values()) >= 3
    assert sum(many >= 6 for many in by_topic.values()) >= 40


def test_each_is_asked_for_in_twelve_ways_of_every_style_and_a_hundred_in_twenty(entries):
    for entry in entries:
        assert len(entry.similar) >= 12, entry.id
        assert {asking.style for asking in entry.similar} >= set(STYLES) - {"log"}, entry.id
    assert sum(len(entry.similar) >= 20 for entry in entries) >= 100


def test_a_second_reader_has_read_every_entry():
    page = (ROOT / "docs" / "content-review.md").read_text("utf-8")
    assert re.findall(r"^\| `(.+?)` \|", page, re.MULTILINE) == sorted(e.id for e in files.load())


def test_entries_were_reviewed_before_they_are_due(entries):
    for entry in entries:
        assert entry.reviewed_on < entry.review_due, entry.id
        assert all(s.checked <= entry.reviewed_on for s in entry.sources), entry.id
