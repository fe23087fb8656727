"""The first look finds what looking at every entry one by one would."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import candidates, fit, text
from knowledge.candidates import best
from knowledge.forms import Document
from tests.support.indexes import documents, holders, questions, same_values


def one_by_one(index, asked, depth, allowed):
    """The rows with their scores and what characters add, best first, from Python sums."""
    scores, chars = [0.0] * len(index), [0.0] * len(index)
    for column in [*asked.chars, *asked.pairs, *asked.longer]:
        for row, impact in holders(index, int(column)).items():
            scores[row] += impact
            chars[row] += impact * (column < index.vocabulary.bounds[0])
    rows = [r for r, s in enumerate(scores) if s and (allowed is None or allowed[r])]
    rows.sort(key=lambda r: (-scores[r], r))
    return [(r, scores[r], chars[r]) for r in rows[:depth]]


def found(index, asked, depth, allowed=None):
    made = best(index, asked, depth, allowed)
    return list(zip(made.rows.tolist(), made.scores.tolist(), made.chars.tolist(), strict=True))


def dressed(index, words):
    return index.vocabulary.asked(text.normalise(words))


def compared(seed, most, depth, size=40):
    """Against the sums, with some rows allowed, all of them, and none; say which ways were gone."""
    index = fit.build(documents(seed, size, most))
    dice = random.Random(seed)
    some = np.array([dice.random() < 0.5 for _ in range(len(index))])
    dense = set()
    for question in [*questions(seed, 6), dice.choice(index.forms.texts)[:2]]:
        asked = dressed(index, question)
        for allowed in (None, some, np.zeros(len(index), bool)):
            assert found(index, asked, depth, allowed) == one_by_one(index, asked, depth, allowed)
        postings = sum(int(index.counts[c]) for c in [*asked.chars, *asked.pairs, *asked.longer])
        dense.add(postings >= len(index))
    return dense


@pytest.fixture(params=["small", "large"])
def way(request, monkeypatch):
    """Look for the top as in small bases, and as in large ones."""
    if request.param == "large":
        monkeypatch.setattr(candidates, "SMALL", 0)
    return request.param


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize("depth", [1, 3, 16, 400])
@pytest.mark.usefixtures("way")
def test_the_best_are_those_found_one_by_one(depth, most):
    """In small bases and large ones, whether all rows are looked at or those with a posting."""
    dense = set()
    for seed, size in enumerate((1, 2, 20, 300)):
        dense |= compared(seed, most, depth, size)
    assert dense == {True, False}


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 9999), st.integers(1, 20), st.sampled_from([1, 4]))
def test_the_best_of_any_base_are_those_found_one_by_one(seed, depth, most):
    compared(seed, most, depth)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "SMALL", 0)
        compared(seed, most, depth)


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=30),
    st.integers(1, 12),
    st.lists(st.integers(0, 29), max_size=20),
)
def test_the_top_is_the_same_whether_all_rows_or_touched_ones_are_looked_at(points, depth, again):
    """Small whole scores make many ties, at the border, too."""
    scores = np.array(points, float)
    touched = [r for r, s in enumerate(points) if s]
    expected = sorted(touched, key=lambda r: (-points[r], r))[:depth]
    # rows of one posting each, of several, and of so many that all rows are looked at
    for more in ([], [r for r in again if r in touched], touched * 30):
        rows = np.array([*touched, *more], np.int64)
        if len(rows):
            assert candidates._top(scores, rows, depth).tolist() == expected
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(candidates, "SMALL", 0)
                assert candidates._top(scores, rows, depth).tolist() == expected


@pytest.mark.usefixtures("way")
def test_the_best_of_the_shipped_base_are_those_found_one_by_one(index, entries):
    dice = random.Random(2)
    allowed = np.array([dice.random() < 0.5 for _ in range(len(index))])
    for entry in entries[::40]:
        for words in (f"请问{entry.question[2:]}吗", entry.summary[:2]):
            asked = dressed(index, words)
            for mask in (None, allowed):
                assert found(index, asked, 16, mask) == one_by_one(index, asked, 16, mask)


def test_both_ways_give_the_same_to_the_last_bit(index, entries, monkeypatch):
    asked = [dressed(index, e.question[1:]) for e in entries[::5]]
    small = [best(index, a, 16) for a in asked]
    monkeypatch.setattr(candidates, "SMALL", 0)
    large = [best(index, a, 16) for a in asked]
    assert all(same_values(a, b) for a, b in zip(small, large, strict=True))


@pytest.mark.usefixtures("way")
def test_of_equal_scores_the_first_rows_are_kept():
    index = fit.build(Document(f"e{n}", (f"作业{c}",)) for n, c in enumerate("甲乙丙丁戊己"))
    made = best(index, dressed(index, "甲乙丙丁戊己"), 4)
    assert len(set(made.scores.tolist())) == 1
    assert made.rows.tolist() == [0, 1, 2, 3]


@pytest.mark.usefixtures("way")
def test_a_better_one_behind_the_border_comes_before_equal_ones():
    index = fit.build(
        Document(f"e{n}", (f"作业{c}",)) for n, c in enumerate(("甲", "乙", "丙", "丁戊"))
    )
    made = best(index, dressed(index, "甲 乙 丙 丁戊"), 3)
    assert made.rows.tolist() == [3, 0, 1]


@pytest.mark.usefixtures("way")
def test_an_entry_without_a_shared_term_is_no_candidate():
    index = fit.build([Document("a", ("写作业",)), Document("b", ("玩手机",))])
    assert best(index, dressed(index, "作业"), 16).rows.tolist() == [0]
    assert best(index, dressed(index, "火星"), 16).rows.tolist() == []


@pytest.mark.usefixtures("way")
def test_a_question_leaves_nothing_behind_for_the_next(index, entries):
    one, other = (dressed(index, e.question) for e in entries[:2])
    first = best(index, one, 16)
    best(index, other, 16)
    assert same_values(best(index, one, 16), first)


def test_the_most_is_what_an_entry_would_have_that_accounts_for_everything():
    index = fit.build(
        [Document("a", ("写作业",)), Document("b", ("玩手机",)), Document("c", ("火",))]
    )
    features = text.features("作业火星")
    known = {f: c for f in features if (c := index.vocabulary.column(f)) is not None}
    missing = 0.8 * (np.log1p(3) + 1)
    made = best(index, dressed(index, "作业火星"), 16)
    assert sorted(known) == sorted(["作", "业", "作业", "火"])
    most = sum(index.idf[c] for c in known.values()) + missing * (len(features) - len(known))
    assert made.most == pytest.approx(most)
    chars = sum(index.idf[known[c]] for c in "作业火") + missing
    assert made.most_chars == pytest.approx(chars)


def test_what_is_too_common_to_be_searched_for_does_not_count(make):
    index = fit.fit([make(f"a.b.{n}", f"写{c}") for n, c in enumerate("甲乙丙丁戊")])
    made = best(index, dressed(index, "写"), 16)
    assert (made.rows.tolist(), made.most, made.most_chars) == ([], 0.0, 0.0)
