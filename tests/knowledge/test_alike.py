from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge import alike


def jaccard(one, other):
    a, b = ({x + y for x, y in pairwise(t) if " " not in (x, y)} for t in (one, other))
    return len(a & b) / len(a | b) if a | b else 0.0


@given(st.lists(st.text("甲乙丙 ", max_size=8), max_size=12), st.sampled_from([0.5, 0.85, 1.0]))
def test_the_same_pairs_as_comparing_all_with_all(texts, least):
    expected = {
        (n, m): jaccard(texts[n], texts[m])
        for n, m in combinations(range(len(texts)), 2)
        if jaccard(texts[n], texts[m]) >= least
    }
    assert {(n, m): likeness for n, m, likeness in alike.pairs(texts, least)} == expected


def test_texts_without_a_pair_are_like_nothing():
    assert list(alike.pairs(["", "一", "一", " "])) == []


def test_one_changed_character_in_a_short_text_is_another_text():
    assert list(alike.pairs(["孩子不爱看书", "孩子不爱吃饭"])) == []
