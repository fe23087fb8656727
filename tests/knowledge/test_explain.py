"""What is said of a search is what made it: words, evidence and signs add up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import fit, text
from knowledge.candidates import best
from knowledge.explain import reasons, words
from knowledge.forms import Document
from knowledge.judge import SIGNS, load_judge
from knowledge.ranking import EVIDENCE
from knowledge.scope import Scope
from knowledge.search import DEPTH, is_strange, search
from tests.support.indexes import documents, questions

SHOWN = 3


@pytest.fixture
def small(make):
    return fit.fit(
        [
            make("s.r.homework", "写作业拖拉怎么办", "作业磨蹭", answer="先定时间。"),
            make("s.r.phone", "玩手机停不下来"),
            make("s.r.school", "不想去上学", risk=3),
        ]
    )


def first_look(index, question):
    found = best(index, index.vocabulary.asked(text.normalise(question)), len(index))
    names = [index.entries[row] for row in found.rows]
    return dict(zip(names, found.scores.tolist(), strict=True))


def adds_up(index, question):
    """Hold the words of every entry against the first look, to the last bit."""
    scores = first_look(index, question)
    for entry in index.entries:
        shared = words(index, question, entry)
        assert sum(w.weight for w in shared) == scores.get(entry, 0)
        assert [(-w.weight, w.feature) for w in shared] == sorted(
            (-w.weight, w.feature) for w in shared
        )
        assert {w.feature for w in shared} <= text.features(question)
        assert all(own and own in question for w in shared for own in w.own)
        assert all(w.own for w in shared)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9999))
def test_the_words_add_up_to_the_first_look(seed):
    index = fit.build(documents(seed, 8))
    for question in questions(seed, 4):
        adds_up(index, question)


@pytest.mark.parametrize(
    "question",
    ["老師您好，個仔唔肯寫功課😀，謝謝", "３年级作业　拖拉\x00怎么办", "嗯孩子\ud800玩手机"],
)
def test_the_words_of_any_dress_add_up(small, question):
    adds_up(small, question)


def test_the_words_are_the_parent_s_own(small):
    shared = {w.feature: w.own for w in words(small, "老師，寫作業 拖拉", "s.r.homework")}
    assert shared["写作"] == ("寫作",)
    assert shared["作业"] == ("作業",)
    assert shared["拖拉"] == ("拖拉",)


def test_an_entry_without_a_shared_feature_has_no_words(small):
    assert words(small, "玩手机", "s.r.school") == ()


def told(index, question, **limits):
    return reasons(index, question, load_judge(), limit=SHOWN, **limits)


def hold(index, question):
    """Hold the reasons against the search they are of."""
    judge, made = load_judge(), told(index, question)
    found = search(index, question, judge)
    scores = first_look(index, question)
    for reason in made.hits:
        assert set(reason.evidence) <= set(EVIDENCE)
        assert sum(added for _, added in reason.evidence.values()) == pytest.approx(reason.value)
        assert sum(w.weight for w in reason.words) == scores[reason.entry]
        row = index.entries.index(reason.entry)
        own = index.forms.texts[index.forms.starts[row] : index.forms.starts[row + 1]]
        assert reason.wording in own
    if not found.exact:
        assert [r.entry for r in made.hits] == [h.entry for h in found.hits[:SHOWN]]
        shown = [min(r.score, 0.999) for r in made.hits]
        assert shown == pytest.approx([h.score for h in found.hits[:SHOWN]])
    if made.hits and not found.exact:
        assert tuple(made.signs) == SIGNS
        assert made.signs["value"] == pytest.approx(made.hits[0].value)
        floor = judge.grounds(index.alone).floor
        sure = made.known * (floor + (1 - floor) * made.right)
        strange = is_strange(index, text.normalise(question))
        assert sure * (judge.strange if strange else 1) == pytest.approx(found.probability)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([1, 4]))
def test_the_reasons_are_those_of_the_search(seed, most):
    index = fit.build(documents(seed, 12, most))
    asked = questions(seed, 3)
    for question in [*asked, "，".join(asked * 3)]:
        hold(index, question)


def test_the_reasons_are_those_of_the_search_in_the_shipped_base(index, entries):
    for entry in entries[::25]:
        hold(index, f"请问{entry.question[1:]}吗")
        hold(index, f"{entry.answer[:60]}{entry.question[1:]}")


def test_the_reasons_of_a_wording_word_for_word_begin_with_its_entry(index, entries):
    for entry in entries[::25]:
        for wording in entry.askings():
            assert told(index, wording).hits[0].entry == entry.id, wording


def test_they_do_where_another_entry_ranks_above_it():
    index = fit.build(
        [
            Document("a", ("睡", "很早就起床刷牙洗脸吃早饭出门上学去", "晚上写完作业再看一会儿书")),
            Document("b", ("不睡", "睡不")),
            Document("c", ("玩", "闹")),
            Document("d", ("吃", "喝")),
        ]
    )
    found = search(index, "睡", load_judge())
    assert [h.entry for h in found.hits] == ["a", "b"]
    assert [r.entry for r in told(index, "睡").hits] == ["a", "b"]


def test_the_nearest_wording_is_named(small):
    assert told(small, "孩子作业磨蹭得很").hits[0].wording == "作业磨蹭"


def test_no_more_reasons_than_asked_for(small):
    assert len(reasons(small, "作业手机上学", load_judge(), limit=2).hits) == 2


@pytest.mark.parametrize("nothing", ["", "😀", "\x00", "火星"])
def test_where_nothing_is_found_there_are_no_reasons(small, nothing):
    made = told(small, nothing)
    assert (made.hits, made.signs, made.known, made.right) == ((), {}, 0.0, 0.0)


def test_an_entry_out_of_scope_needs_no_reason():
    index = fit.build(
        [Document("a", ("写作业拖拉",), area="gz"), Document("b", ("作业太多",), area="sz")]
    )
    made = told(index, "孩子作业太多太拖拉", scope=Scope(area="sz"))
    assert [r.entry for r in made.hits] == ["b"]


def test_only_candidates_have_reasons(index):
    made = reasons(index, "孩子写作业总是拖拉", load_judge(), limit=100)
    assert len(made.hits) == DEPTH


def test_the_nearest_wording_is_told_where_none_is_compared(index, entries):
    entry = next(e for e in entries if len(e.askings()) > 8)
    for wording in entry.askings()[3:6]:
        assert told(index, wording).hits[0].wording == text.normalise(wording)
