"""An entry speaks for its own area and for all below; the rest of a scope is in test_index."""

from datetime import date

import pytest

from knowledge.scope import EVERYWHERE, Scope


@pytest.mark.parametrize(
    ("area", "within"),
    [
        ("", True),
        ("gz", True),
        ("gz/tianhe", True),
        ("gz/tianhe/school-1", True),
        ("gz/tianhe/school-1/class-2", False),
        ("gz/tianhe/school-12", False),
        ("gz/tianhe/school", False),
        ("gz/yuexiu", False),
        ("g", False),
        ("sz", False),
    ],
)
def test_an_area_is_seen_from_itself_and_from_below(area, within):
    assert Scope(area="gz/tianhe/school-1").is_within(area) is within


def test_without_an_area_every_area_is_seen():
    assert EVERYWHERE.is_within("gz/tianhe")
    assert EVERYWHERE.is_within("")


def test_the_whole_organisation_sees_only_what_speaks_for_all_of_it():
    assert Scope(area="").is_within("")
    assert not Scope(area="").is_within("gz")


def test_a_scope_is_remembered_by_what_it_says():
    one, other = (Scope(date(2026, 1, 1), "p_low", "gz") for _ in range(2))
    assert {one: 1}[other] == 1
