"""Clusters: the same need together, whatever the order; a removed question leaves no trace."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import clusters, fit
from knowledge.clusters import Clusters, assign
from tests.support.indexes import questions

NAILS = ("孩子老是咬指甲怎么办", "咬指甲改不掉", "总爱咬指甲")
STUTTER = ("孩子说话口吃", "说话口吃结巴怎么纠正", "口吃要不要治")


def grouped(found, names):
    groups = {}
    for name, cluster in zip(names, found, strict=True):
        groups.setdefault(cluster, set()).add(name)
    return set(map(frozenset, groups.values()))


def state(held):
    """Everything that decides where the next question goes."""
    return [
        (c, held.members(c), held._clusters[c].total, held._squares[held._clusters[c].row])
        for c in held
    ]


def test_questions_of_one_need_stand_together_and_of_two_apart(index):
    found = assign(index, [*NAILS, *STUTTER], {})
    assert grouped(found, [*NAILS, *STUTTER]) == {frozenset(NAILS), frozenset(STUTTER)}


def test_a_new_question_joins_the_cluster_that_is_there(index):
    found = assign(index, [NAILS[2], STUTTER[2]], {7: STUTTER[:2], 30: NAILS[:2]})
    assert found == [30, 7]


def test_a_question_like_none_begins_a_cluster_with_a_number_of_its_own(index):
    assert assign(index, ["火星上有没有水"], {7: STUTTER[:2]}) == [8]


def test_nothing_is_assigned_to_nothing(index):
    assert assign(index, [], {}) == []


@settings(max_examples=20, deadline=None)
@given(order=st.permutations([*NAILS, *STUTTER, "火星上有没有水", "咬指甲"]))
def test_the_order_of_new_questions_changes_nothing(index, order):
    assert grouped(assign(index, order, {}), order) == grouped(
        assign(index, sorted(order), {}), sorted(order)
    )


def test_a_text_word_for_word_the_same_goes_where_it_went(index):
    held = Clusters(index)
    held.put("a", NAILS[0], 3)
    held.put("b", STUTTER[0], 5)
    held.put("c", f"{STUTTER[1]}{NAILS[0]}", 9)
    assert held.add("d", f"{NAILS[0]}！！") == 3


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), gone=st.sets(st.integers(0, 11)))
def test_a_removed_question_leaves_no_trace(index, seed, gone):
    texts = questions(seed, 12)
    one, other = Clusters(index), Clusters(index)
    for n, asked in enumerate(texts):
        one.put(str(n), asked, n % 3)
        if n not in gone:
            other.put(str(n), asked, n % 3)
    for n in gone:
        one.remove(str(n))
    assert state(one) == state(other)
    assert [one.nearest(q) for q in questions(seed + 1, 5)] == [
        other.nearest(q) for q in questions(seed + 1, 5)
    ]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999))
def test_the_nearest_cluster_is_that_of_the_best_cosine(index, seed):
    held, texts = Clusters(index), questions(seed, 12)
    for n, asked in enumerate(texts):
        held.put(str(n), asked, n % 4)
    asked = questions(seed + 5000, 1)[0]
    if asked in texts:
        return
    vector = clusters.vector_of(index, asked)
    cosines = {}
    for cluster in held:
        total = {}
        for name in held.members(cluster):
            for key, weight in clusters.vector_of(index, texts[int(name)]).items():
                total[key] = total.get(key, 0.0) + weight
        length = sum(w * w for w in total.values()) ** 0.5 or 1.0
        cosines[cluster] = sum(w * total.get(k, 0.0) for k, w in vector.items()) / length
    best = max(cosines.values())
    found = held.nearest(asked)
    if found is None:
        assert best < clusters.ALIKE
    else:
        assert cosines[found] == pytest.approx(best)


def test_rows_put_back_make_the_same_clusters(index):
    held, again = Clusters(index), Clusters(index)
    texts = dict(enumerate([*NAILS, *STUTTER]))
    numbers = {n: held.add(str(n), asked) for n, asked in texts.items()}
    for n in reversed(texts):
        again.put(str(n), texts[n], numbers[n])
    assert state(again) == state(held)


def test_two_merged_clusters_are_one_under_the_older_number(index):
    held = Clusters(index)
    for n, asked in enumerate([*NAILS, *STUTTER]):
        held.put(str(n), asked, n // 3)
    assert held.merge(1, 0) == 0
    assert list(held) == [0]
    assert held.members(0) == tuple("012345")
    assert held.add("new", "口吃") == 0


def test_a_cluster_merged_with_itself_stays(index):
    held = Clusters(index)
    held.put("a", NAILS[0], 4)
    assert held.merge(4, 4) == 4
    assert held.members(4) == ("a",)


def test_a_cluster_without_questions_is_gone_and_its_number_too(index):
    held = Clusters(index)
    first = held.add("a", NAILS[0])
    held.remove("a")
    assert list(held) == []
    assert held.add("b", NAILS[0]) != first


def test_a_question_put_twice_stands_where_it_was_put_last(index):
    held = Clusters(index)
    held.put("a", NAILS[0], 1)
    held.put("a", NAILS[1], 2)
    assert (list(held), held.of("a")) == ([2], 2)


def test_the_title_is_short_and_central(index):
    held = Clusters(index)
    story = "我家孩子今年五岁了，" + "，".join(NAILS) + "，说了很多次都没有用，真不知道怎么办才好"
    for n, asked in enumerate([story, *NAILS, "指甲", "火星上有没有水"]):
        held.put(str(n), asked, 1)
    assert held.title(1) in NAILS


def test_a_text_without_words_is_a_cluster_of_its_own(index):
    held = Clusters(index)
    held.put("a", NAILS[0], 1)
    assert held.add("b", "？？？") == 2


def purity(entries, seed):
    """Draw 500 wordings of 40 entries, group them on a base without these, and score them."""
    dice = random.Random(seed)
    held = dice.sample(entries, 40)
    asked = [(e.id, w.text) for e in held for w in e.similar]
    dice.shuffle(asked)
    asked = asked[:500]
    index = fit.fit([e for e in entries if e not in held])
    of = {}
    for cluster, (need, _) in zip(assign(index, [w for _, w in asked], {}), asked, strict=True):
        of.setdefault(cluster, []).append(need)
    return sum(max(map(needs.count, needs)) for needs in of.values()) / len(asked), len(of)


def test_five_hundred_misses_of_forty_needs_are_grouped_purely(entries):
    pure, counts = zip(*(purity(entries, seed) for seed in (21, 22, 23)), strict=True)
    assert sum(pure) / 3 >= 0.9
    assert max(counts) < 375
