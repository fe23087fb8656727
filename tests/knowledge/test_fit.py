"""Weights: BM25 of an entry's own length, with the IDF of scikit-learn; the same in any order."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge import fit, text
from knowledge.candidates import best
from knowledge.forms import Document
from knowledge.index import version_of
from knowledge.judge import load_judge
from knowledge.search import search
from tests.support.indexes import differences, document, documents, holders, parts, questions

ASKED = [
    ("作业拖拉怎么办", "写作业磨蹭", "每天写到十点"),
    ("玩手机停不下来", "手机收不回来"),
    ("不想去上学", "孩子不肯上学怎么办", "星期一就说肚子疼"),
    ("不爱看书",),
]
QUESTIONS = ["作业写到十点", "孩子玩手机", "不想上学", "书", "火星上有没有水"]
STEP = 2.0**-24


@pytest.fixture
def small(make):
    answers = ("先定时间再写作业。", "约好停的时间。", "先听孩子说。", "读给孩子听。")
    return [make(f"study.reading.e{n}", *a, answer=answers[n], risk=n) for n, a in enumerate(ASKED)]


def by_hand(entries):
    """Map each searched term to its weight in each entry, computed from texts alone."""
    wordings = [[text.features(w) for w in e.askings()] for e in entries]
    asked = [set().union(*w) for w in wordings]
    answered = [text.features(e.answer) for e in entries]
    model = TfidfVectorizer(analyzer=list, binary=True, norm=None).fit([sorted(a) for a in asked])
    idf = dict.fromkeys(set().union(*answered), np.log(1 + len(entries)) + 1)
    idf |= dict(zip(model.get_feature_names_out(), model.idf_, strict=True))
    idf = {term: round(value * 2**16) / 2**16 for term, value in idf.items()}

    def weight(term, row):
        count = sum(term in w for w in wordings[row]) ** 0.75
        norm = 0.9 * (0.25 + 0.75 * (len(asked[row]) / 30) ** 0.5)
        value = count / (count + norm)
        if term in answered[row]:
            value += 0.2 / (1 + 0.9 * (0.25 + 0.75 * (len(answered[row]) / 150) ** 0.5))
        return idf[term] * value

    rare = [t for t in idf if sum(t in a for a in asked) <= max(0.75 * len(entries), 1)]
    return idf, {t: [weight(t, row) for row in range(len(entries))] for t in rare}


def compared(entries, asked):
    index = fit.fit(entries)
    idf, weights = by_hand(entries)
    for term in idf:
        column = index.vocabulary.column(term)
        assert index.idf[column] == idf[term], term
        found = holders(index, column)
        expected = {r: w for r, w in enumerate(weights.get(term, ())) if w}
        assert found == pytest.approx(expected, abs=STEP), term
    for question in asked:
        found = best(index, index.vocabulary.asked(text.normalise(question)), len(entries))
        terms = text.features(question) & weights.keys()
        scores = [sum(weights[t][row] for t in terms) for row in range(len(entries))]
        scored = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
        assert scored == pytest.approx({r: s for r, s in enumerate(scores) if s}, abs=1e-5)


def test_scores_equal_bm25_computed_from_scikit_learn_s_idf(small):
    compared(small, QUESTIONS)


def test_the_scores_of_real_entries_do_too(entries):
    some = sorted(entries, key=lambda e: e.id)[::9]
    compared(some, [e.question[1:] for e in some[:20]])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_no_byte_and_no_hit(seed, shuffle):
    listed = documents(seed, 12)
    index = fit.build(listed)
    shuffle.shuffle(listed)
    again = fit.build(listed)
    assert differences(index, again) == []
    for question in questions(seed, 5):
        assert search(index, question, load_judge()) == search(again, question, load_judge())


def test_the_order_of_the_shipped_base_changes_no_byte(entries, index):
    shuffled = list(entries)
    random.Random(5).shuffle(shuffled)
    again = fit.fit(shuffled)
    assert parts(again) == parts(index)
    for entry in shuffled[:30]:
        asked = f"{entry.question[1:]}呢"
        assert search(again, asked, load_judge()) == search(index, asked, load_judge())


def own_parts(index):
    """Map (term, entry) to the part of its weight that is not IDF."""
    terms = [c for c in range(len(index.idf)) if index.counts[c]]
    return {
        (index.vocabulary.term(c), index.entries[row]): impact / index.idf[c]
        for c in terms
        for row, impact in holders(index, c).items()
    }


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.integers(1, 5))
def test_an_entry_more_or_less_changes_the_idf_of_others_and_nothing_else(seed, more):
    listed = documents(seed, 10 + more)
    few, many = own_parts(fit.build(listed[:10])), own_parts(fit.build(listed))
    # a term may be too common in one of the bases, then it is searched for in the other alone
    both = few.keys() & many.keys()
    assert len(both) > 100
    assert {k: few[k] for k in both} == pytest.approx({k: many[k] for k in both}, abs=STEP)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999))
def test_longer_wordings_of_one_entry_change_no_weight_of_another(seed):
    """Without new holders the IDF is the same, and so is every weight to the last bit."""
    listed = documents(seed, 10)
    twice = [replace(listed[0], wordings=listed[0].wordings * 3), *listed[1:]]
    one, other = fit.build(listed), fit.build(twice)
    assert one.idf.tolist() == other.idf.tolist()
    for column in range(len(one.idf)):
        mine, theirs = holders(one, column), holders(other, column)
        assert {r: w for r, w in mine.items() if r} == {r: w for r, w in theirs.items() if r}


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "put", "drop"]), st.integers(0, 7), st.integers(0, 99)),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.lists(CHANGES, min_size=1, max_size=4))
def test_changes_leave_what_building_anew_does(seed, batches):
    kept = {d.id: d for d in documents(seed, 6)} | {"last": Document("last", ("写作业",))}
    index = fit.build(kept.values())
    for changes in batches:
        changed, removed = {}, set()
        for what, number, dice in changes:
            name = f"e{number:03}"
            if what == "drop":
                removed.add(name)
                changed.pop(name, None)
                kept.pop(name, None)
            else:
                kept[name] = changed[name] = document(random.Random(dice), name)
        index = fit.update(index, changed.values(), removed)
        fresh = fit.build(list(kept.values())[::-1])
        assert differences(index, fresh) == []
    for question in questions(seed, 4):
        assert search(index, question, load_judge()) == search(fresh, question, load_judge())


def test_changes_of_the_shipped_base_leave_what_fitting_anew_does(entries, index):
    changed = [replace(e, answer=f"{e.answer}新", question="全新的问法") for e in entries[:2]]
    added = [replace(entries[2], id="study.reading.new-one")]
    removed = {e.id for e in entries[3:6]}
    made = fit.update(index, [Document.of(e) for e in changed + added], removed)
    fresh = fit.fit([*changed, *added, *entries[2:3], *entries[6:]])
    assert differences(made, fresh) == []


def test_an_unknown_id_is_removed_without_a_trace(small):
    index = fit.fit(small)
    assert differences(fit.update(index, [], {"nobody"}), index) == []


def test_a_base_may_lose_its_last_entry_and_get_one_again(small):
    nothing = fit.update(fit.fit(small), [], {e.id for e in small})
    assert len(nothing) == 0
    assert differences(nothing, fit.fit([])) == []
    again = fit.update(nothing, [Document.of(e) for e in small])
    assert differences(again, fit.fit(small)) == []


def test_a_base_whose_wordings_hold_no_word_can_be_built():
    assert len(fit.build([Document("a", ("😀！",))])) == 1


def test_rows_topics_and_risks_stand_by_id(small):
    index = fit.fit(small[::-1])
    assert index.entries == tuple(e.id for e in small)
    assert index.forms.risks.tolist() == [0, 1, 2, 3]
    assert index.topics == ("study.reading",) * 4


def test_postings_are_sorted_and_complete(small):
    index = fit.fit(small)
    ptr, rows, impact = index.postings
    assert ptr[0] == 0
    assert ptr[-1] == len(rows) == len(impact)
    assert (impact > 0).all()
    for column in range(len(index.vocabulary)):
        part = rows[ptr[column] : ptr[column + 1]].tolist()
        assert part == sorted(set(part))


def test_sounds_are_compared_and_not_searched_for(index):
    _, sound, longer = index.vocabulary.bounds
    assert not index.counts[sound:longer].any()
    assert (index.idf[sound:longer] > 0).all()


def test_a_feature_of_most_entries_is_not_searched_for(make):
    index = fit.fit([make(f"a.b.{n}", f"孩子{word}") for n, word in enumerate("甲乙丙丁戊")])
    common, rare = (index.vocabulary.column(t) for t in ("孩子", "甲"))
    assert index.weight[common] == index.counts[common] == 0
    assert index.idf[common] > 0
    assert index.weight[rare] == index.idf[rare] > 0


def test_three_of_four_is_not_most(make):
    index = fit.fit(
        [make(f"a.b.{n}", word) for n, word in enumerate(("写甲", "写乙", "写丙", "丁"))]
    )
    assert index.counts[index.vocabulary.column("写")] == 3


def test_a_feature_of_too_many_entries_is_not_searched_for(make, monkeypatch):
    words = ("写甲", "写乙", "写丙", "丁", "戊")
    listed = [make(f"a.b.{n}", word, answer="丁") for n, word in enumerate(words)]
    monkeypatch.setattr(fit, "BUSY", 2)
    index = fit.fit(listed)
    assert index.counts[index.vocabulary.column("写")] == 0
    # the holders are those of wordings: five answers do not make a term common
    assert index.counts[index.vocabulary.column("丁")] == 5


def test_the_only_entry_of_a_base_is_searched_for(make):
    index = fit.fit([make("a.b.c", "写作业")])
    assert (index.counts[: index.vocabulary.bounds[1]] == 1).all()


def test_weights_are_multiples_of_one_step_so_that_sums_are_exact(index):
    for values, step in ((index.idf, 2.0**-16), (index.postings.impact, STEP)):
        assert (values / step == np.round(values / step)).all()


def test_the_index_carries_the_version_of_its_entries(small):
    assert fit.fit(small).version == version_of(small)
