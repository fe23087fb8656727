from pathlib import Path

from knowledge import coverage, files
from knowledge.entry import AGES, Status

ROOT = Path(__file__).parents[2]


def test_entries_are_counted_by_leaf_and_age(make):
    table = coverage.counts([make("a.b.c"), make("a.b.d", ages=("p_low", "junior"))])
    assert table["study.reading"]["p_low"] == 2
    assert table["study.reading"]["junior"] == 1
    assert table["study.reading"]["senior"] == 0
    assert len(table) == 89


def test_an_entry_without_ages_speaks_for_all(make):
    assert coverage.counts([make("a.b.c", ages=())])["study.reading"] == dict.fromkeys(AGES, 1)


def test_only_published_entries_count(make):
    table = coverage.counts([make("a.b.c", status=s) for s in Status if s is not Status.PUBLISHED])
    assert not any(table["study.reading"].values())


def test_a_hole_is_an_age_the_leaf_usually_concerns(make):
    holes = coverage.holes(coverage.counts([make("a.b.c", ages=("a3_6", "p_low"))]))
    assert [age for leaf, age in holes if leaf == "study.reading"] == ["p_high", "junior"]
    assert ("study.reading", "a0_3") not in holes


def test_the_tables_in_the_docs_are_those_of_the_files():
    made = coverage.markdown(files.load())
    assert (ROOT / "docs" / "coverage.md").read_text("utf-8") == made, coverage.markdown.__doc__
