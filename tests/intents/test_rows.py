from __future__ import annotations

from intents.rows import Rows


def test_known_texts_have_their_rows_and_others_none():
    names = [f"\u5b57{n}" for n in range(5000)]
    rows = Rows(names)
    assert sorted(rows.of(set(names)).tolist()) == list(range(5000))
    assert rows.of([names[7], "away", names[4999]]).tolist() == [7, 4999]
    assert rows.of(["away", ""]).tolist() == []
    assert rows.of([]).tolist() == []


def test_of_no_names_nothing_is_known():
    assert Rows([]).of(["a"]).tolist() == []
