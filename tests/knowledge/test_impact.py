"""The preview of a change: equal to asking both bases everything, and told in a person's terms."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import fit
from knowledge.forms import Document
from knowledge.impact import Asked, Base, Change, Seen, gathered, impact, kind_of
from knowledge.judge import Band, load_judge
from knowledge.misplaced import versions
from knowledge.search import Hit, search
from tests.support.indexes import document, documents, questions


def base(index):
    return Base(index, versions(index))


def by_hand(before, after, asked):
    """The texts whose band, shown entries or versions differ, each asked of both bases."""
    found = {}
    for one in asked:
        shown = []
        for held in (before, after):
            answer = search(held.index, one.text, load_judge())
            count = {Band.ANSWER: 1, Band.CANDIDATES: 3, Band.DECLINE: 0}[answer.band]
            entries = [h.entry for h in answer.hits[:count]]
            shown.append((answer.band, entries, [held.versions[e] for e in entries]))
        if shown[0] != shown[1]:
            found[one.text] = shown
    return found


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), dice=st.randoms(use_true_random=False))
def test_the_shifts_are_those_of_a_comparison_by_hand(seed, dice):
    listed = documents(seed, 9)
    before = fit.build(listed)
    changed = [document(dice, "e002"), replace(listed[4], version="other"), document(dice, "new")]
    bases = base(before), base(fit.update(before, changed, {"e007"}))
    texts = dict.fromkeys([*questions(seed, 12), *(w for d in listed for w in d.wordings)])
    asked = [Asked(t, 1) for t in texts]
    found = impact(*bases, load_judge(), asked)
    expected = by_hand(*bases, asked)
    assert {s.text for s in found.shifts} == expected.keys()
    for shift in found.shifts:
        seen = [(s.band, list(s.entries), list(s.versions)) for s in (shift.before, shift.after)]
        assert seen == expected[shift.text]


def test_an_unchanged_base_shifts_nothing(index, entries):
    asked = [Asked(e.question, 2) for e in entries[:20]]
    found = impact(base(index), base(index), load_judge(), asked)
    assert (found.shifts, found.asked, sum(found.totals.values())) == ((), 40, 0)


def test_a_rephrased_answer_is_reworded_and_weighs_as_often_as_it_is_asked(index, entries):
    entry = entries[0]
    after = fit.update(index, [Document.of(replace(entry, answer=f"{entry.answer}慢慢来。"))])
    asked = [Asked(entry.question, 5), Asked(entry.question, 2)]
    found = impact(base(index), base(after), load_judge(), asked)
    assert [(s.kind, s.count) for s in found.shifts] == [(Change.REWORDED, 7)]
    assert found.totals[Change.REWORDED] == 7


def test_a_question_that_gets_an_answer_is_better_and_one_that_loses_it_worse(index, entries):
    entry = entries[0]
    without = fit.update(index, [], {entry.id})
    asked = [Asked(entry.question, 3)]
    lost = impact(base(index), base(without), load_judge(), asked)
    won = impact(base(without), base(index), load_judge(), asked)
    assert [s.kind for s in (*lost.shifts, *won.shifts)] == [Change.WORSE, Change.BETTER]


def test_the_most_asked_shift_stands_first(index, entries):
    some = entries[:3]
    after = fit.update(index, [Document.of(replace(e, answer="新的。")) for e in some])
    asked = [Asked(e.question, n) for n, e in enumerate(some, 1)]
    assert [s.count for s in impact(base(index), base(after), load_judge(), asked).shifts] == [
        3, 2, 1,
    ]  # fmt: skip


def test_one_text_asked_twice_is_one_with_the_sum_of_its_votes():
    one, other = Asked("不看书", 2, "a", 1), Asked("不看书", 3, None, -2)
    assert gathered([one, other]) == [Asked("不看书", 5, "a", -1)]


def seen(band, *names):
    return Seen(band, tuple(Hit(n, "", 0.5) for n in names), names)


ANSWER, OFFER, NONE = (
    (lambda *names, band=band: seen(band, *names))
    for band in (Band.ANSWER, Band.CANDIDATES, Band.DECLINE)
)


@pytest.mark.parametrize(
    ("old", "new", "votes", "kind"),
    [
        (ANSWER("a"), NONE(), 0, "worse"),
        (ANSWER("a"), OFFER("a", "b"), 0, "worse"),
        (OFFER("a"), NONE(), 0, "worse"),
        (NONE(), OFFER("a"), 0, "better"),
        (NONE(), ANSWER("a"), 0, "better"),
        (OFFER("b", "a"), ANSWER("a"), 0, "better"),
        (OFFER("b", "a"), ANSWER("b"), 1, "worse"),
        (ANSWER("a"), ANSWER("b"), 1, "worse"),
        (ANSWER("a"), ANSWER("b"), -1, "better"),
        (ANSWER("a"), ANSWER("b"), 0, "changed"),
        (ANSWER("a"), NONE(), -1, "better"),
        (ANSWER("a"), OFFER("a", "b"), -1, "better"),
        (ANSWER("a"), OFFER("b", "a"), 1, "worse"),
        (OFFER("a", "b"), OFFER("b", "a"), 1, "changed"),
        (OFFER("a", "b"), OFFER("b"), 1, "worse"),
    ],
)
def test_a_shift_is_told_by_band_and_votes(old, new, votes, kind):
    assert kind_of(old, new, Asked("x", 1, "a", votes)) == kind


def test_votes_on_an_entry_that_was_not_shown_count_nothing():
    assert kind_of(ANSWER("a"), ANSWER("b"), Asked("x", 1, "c", 5)) is Change.CHANGED
