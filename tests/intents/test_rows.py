from __future__ import annotations

from intents import grams
from intents.rows import Rows


def test_known_numbers_have_their_rows_and_others_none():
    names = [chr(0x4E00 + n // 70) + chr(0x5000 + n % 70) for n in range(5000)]
    numbers = grams.of(names)
    rows = Rows(numbers)
    assert len(set(numbers.tolist())) == 5000
    assert sorted(rows.of(numbers).tolist()) == list(range(5000))
    assert rows.of(grams.of([names[7], "xyz", names[4999]])).tolist() == [7, 4999]
    assert rows.of(grams.of(["xyz", "x"])).tolist() == []
    assert rows.of(grams.of([])).tolist() == []


def test_of_no_numbers_nothing_is_known():
    assert Rows(grams.of([])).of(grams.of(["a"])).tolist() == []
