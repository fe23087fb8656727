from dataclasses import replace
from datetime import date

import pytest

from knowledge.entry import Asking, Source, Status, from_json

OTHER = {
    "id": "b",
    "question": "另一句",
    "summary": "另一行",
    "topic": "study.focus",
    "ages": (),
    "risk": 1,
    "status": Status.RETIRED,
    "sources": (Source("法", "第1条", "S1", date(2026, 1, 1)),),
    "reviewed_on": date(2026, 1, 1),
    "review_due": date(2026, 1, 1),
    "valid_until": date(2026, 1, 1),
    "owner": "别人",
    "similar": (Asking("另一句", "yue"),),
    "related": ("c",),
    "answer": "另一个回答",
    "area": "gz/tianhe",
    "successor": "study.focus.next",
}


def test_every_shipped_entry_survives_json(entries):
    for entry in entries:
        assert from_json(entry.to_json()) == entry


def test_a_last_valid_day_survives_json(make):
    entry = make("a", valid_until=date(2027, 6, 30))
    assert from_json(entry.to_json()) == entry


def test_an_area_survives_json_and_no_area_is_not_written(make):
    entry = make("a", area="gz/tianhe")
    assert from_json(entry.to_json()) == entry
    assert '"area"' not in make("a").to_json()


def test_json_is_chinese_as_it_stands_and_sorted(make):
    written = make("a").to_json()
    assert "先读给孩子听" in written
    assert written.index('"ages"') < written.index('"answer"') < written.index('"topic"')


@pytest.mark.parametrize("field", OTHER)
def test_the_version_changes_with_every_field(make, field):
    entry = make("a", "一句", "两句")
    assert replace(entry, **{field: OTHER[field]}).version != entry.version


def test_every_field_is_part_of_that_test(make):
    assert set(OTHER) == set(type(make("a")).__dataclass_fields__)


def test_equal_content_has_an_equal_version_of_sixteen_digits(make):
    assert make("a").version == make("a").version
    assert len(make("a").version) == 16
    assert int(make("a").version, 16) >= 0


def test_the_question_comes_first_among_the_wordings(make):
    assert make("a", "一句", "两句", "三句").askings() == ("一句", "两句", "三句")


def test_an_entry_is_valid_on_its_last_day_and_not_the_day_after(make):
    entry = make("a", valid_until=date(2027, 6, 30))
    assert entry.is_valid_on(date(2027, 6, 30))
    assert not entry.is_valid_on(date(2027, 7, 1))
    assert make("b").is_valid_on(date(2099, 1, 1))
