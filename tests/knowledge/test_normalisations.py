"""The reviewed table of what becomes of a parent's writing holds, row by row."""

from collections import Counter

import pytest
import yaml

from knowledge import lexicons, text

TABLE = yaml.load(
    (lexicons.LEXICON / "normalisations.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
ROWS = [(group["step"], row) for group in TABLE for row in group["rows"]]
STEPS = [
    "width", "case", "traditional", "faces and emoji", "punctuation", "elongations", "fillers",
    "numbers", "Cantonese", "slips", "synonyms",
]  # fmt: skip
ALL = pytest.mark.parametrize(
    "row", [row for _, row in ROWS], ids=[f"{step}: {row['why']}" for step, row in ROWS]
)


@ALL
def test_a_text_is_normalised(row):
    assert text.normalise(row["raw"]) == row["normalised"]


@ALL
def test_a_normalised_text_stays_as_it_is(row):
    assert text.normalise(row["normalised"]) == row["normalised"]


@pytest.mark.parametrize(
    "row",
    [row for _, row in ROWS if "mapped" in row],
    ids=[f"{step}: {row['raw']}" for step, row in ROWS if "mapped" in row],
)
def test_the_second_reading_is_mapped(row):
    plain, mapped = text.readings(text.normalise(row["raw"]))
    assert " ".join(mapped.split()) == row["mapped"]
    assert text.features(row["raw"]) >= {*plain, *mapped} - {" "}


@pytest.mark.parametrize("group", TABLE, ids=lambda group: group["step"])
def test_each_step_has_rows_and_traps(group):
    assert len(group["rows"]) >= 8
    assert any(row["why"].startswith("Trap") for row in group["rows"])
    assert all(row.keys() - {"mapped"} == {"raw", "normalised", "why"} for row in group["rows"])


def test_the_steps_stand_in_the_order_in_which_they_are_taken():
    assert [group["step"] for group in TABLE] == STEPS


def test_no_row_stands_twice():
    assert [raw for raw, n in Counter(row["raw"] for _, row in ROWS).items() if n > 1] == []
