"""What follows from the arrays, and which rows may answer within a scope."""

import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge import fit, text
from knowledge.forms import Document
from knowledge.index import _word_lists, version_of
from knowledge.scope import EVERYWHERE, Scope

AREAS = ("", "gz", "gz/tianhe", "gz/yuexiu")


@pytest.fixture
def small(make):
    return fit.fit(
        [
            make("a.b.c", "写作业拖拉", "老师您好，作业磨蹭，谢谢"),
            make("a.b.d", "玩手机", "作业磨蹭", risk=2),
        ]
    )


@pytest.fixture(scope="module")
def areas():
    return fit.build(
        Document(f"e{n}", ("写作业", f"第{n}个"), area=area) for n, area in enumerate(AREAS)
    )


def seen(index, scope):
    mask = index.allowed(scope)
    return list(index.entries) if mask is None else list(np.array(index.entries)[mask])


def test_every_wording_is_known_word_for_word_and_without_padding(small):
    known = {
        "写作业拖拉": "a.b.c",
        "老师您好，作业磨蹭，谢谢": "a.b.c",
        "老师您好，写作业拖拉": "a.b.c",
        "玩手机": "a.b.d",
        "作业磨蹭": "a.b.d",  # its own wording, before another's without the padding
    }
    assert {k: found_word_for_word(small, k) for k in known} == known
    assert found_word_for_word(small, "作业") is None


def found_word_for_word(index, question, allowed=None):
    row = index.word_for_word(index.vocabulary.asked(text.normalise(question)), allowed)
    return None if row is None else index.entries[row]


def test_of_two_entries_with_one_wording_the_first_that_may_answer_has_it():
    index = fit.build([Document("b", ("写作业",)), Document("a", ("写作业",))])
    assert found_word_for_word(index, "写作业") == "a"
    assert found_word_for_word(index, "写作业", np.array([False, True])) == "b"
    assert found_word_for_word(index, "写作业", np.array([False, False])) is None


@pytest.mark.parametrize(
    ("wordings", "alone"),
    [
        ((1, 1, 1), 1),
        ((1, 1, 9), 1),
        ((2, 2, 5), 2 / 3),
        ((1, 2), 5 / 6),
        ((4, 4, 1), 0),
        ((9, 9), 0),
    ],
)
def test_a_base_is_as_alone_as_its_usual_entry(wordings, alone):
    index = fit.build(
        Document(f"e{n}", tuple(f"第{n}句{m}" for m in range(many)))
        for n, many in enumerate(wordings)
    )
    assert index.alone == pytest.approx(alone)


def test_an_unknown_feature_weighs_as_scikit_learn_would_have_it(small):
    model = TfidfVectorizer(analyzer=list, vocabulary=["甲", "乙"]).fit([["甲"], ["甲"]])
    assert small.unknown_idf == pytest.approx(model.idf_[1])


def test_what_a_wording_holds_is_the_sum_of_its_features(index):
    for wording in range(0, len(index.forms.texts), 97):
        for kind in range(3):
            first, last = index.forms.seen.bounds[3 * wording + kind : 3 * wording + kind + 2]
            held = index.idf[index.forms.seen.columns[first:last]].sum()
            assert index.held[wording, kind] == held
            expected = [1, 1 / held, 1 / held**0.5] if held else [1, 0, 0]
            assert index.scales[wording, :, kind].tolist() == pytest.approx(expected)


def test_a_wording_without_a_word_divides_by_nothing():
    index = fit.build([Document("a", ("😀", "写作业"))])
    assert index.scales[0].tolist() == [[1, 1, 1], [0, 0, 0], [0, 0, 0]]


def test_everywhere_all_rows_may_answer(small, areas):
    assert small.allowed(EVERYWHERE) is None
    assert areas.allowed(EVERYWHERE) is None


def test_an_entry_answers_on_its_last_valid_day_and_not_after(make):
    last = date(2027, 6, 30)
    index = fit.fit([make("a.b.c", "写作业", valid_until=last), make("a.b.d", "玩手机")])
    assert seen(index, Scope(day=last)) == ["a.b.c", "a.b.d"]
    assert seen(index, Scope(day=date(2027, 7, 1))) == ["a.b.d"]


def test_an_entry_answers_for_its_ages_and_one_without_for_all(make):
    ages = {"a.b.c": ("p_low", "p_high"), "a.b.d": ("senior",), "a.b.e": ()}
    index = fit.fit([make(name, ages=of) for name, of in ages.items()])
    assert seen(index, Scope(age="p_high")) == ["a.b.c", "a.b.e"]
    assert seen(index, Scope(age="senior")) == ["a.b.d", "a.b.e"]
    assert seen(index, Scope(age="a0_3")) == ["a.b.e"]


@pytest.mark.parametrize(
    ("area", "names"),
    [
        ("", ["e0"]),
        ("gz", ["e0", "e1"]),
        ("gz/tianhe/school-1", ["e0", "e1", "e2"]),
        ("gz/yuexiu", ["e0", "e1", "e3"]),
        ("sz", ["e0"]),
        (None, ["e0", "e1", "e2", "e3"]),
    ],
)
def test_an_entry_answers_for_its_area_and_those_below(areas, area, names):
    assert seen(areas, Scope(area=area)) == names


def test_a_scope_asks_for_everything_at_once():
    good = Document("a", ("写作业",), ages=("p_low",), valid_until=date(2027, 1, 1), area="gz")
    others = {"ages": ("senior",), "valid_until": date(2026, 1, 1), "area": "sz"}
    index = fit.build([good, *(replace(good, id=k, **{k: v}) for k, v in others.items())])
    assert seen(index, Scope(date(2026, 6, 1), "p_low", "gz/tianhe")) == ["a"]


def test_a_scope_is_looked_at_once(areas):
    assert areas.allowed(Scope(area="gz")) is areas.allowed(Scope(area="gz"))


def test_each_thread_keeps_zeros_of_its_own(small):
    kept = []
    asked = threading.Thread(target=lambda: kept.append(small.scratch("mark", 4)))
    asked.start()
    asked.join()
    mine = small.scratch("mark", 4)
    assert mine is small.scratch("mark", 4)
    assert mine is not kept[0]
    assert mine.tolist() == [0, 0, 0, 0]


def test_the_version_does_not_depend_on_the_order(make):
    listed = [make("a.b.c"), make("a.b.d"), make("a.b.e")]
    assert version_of(listed) == version_of(listed[::-1])
    assert version_of(listed) != version_of(listed[:-1])


def test_another_word_list_makes_another_version(make, monkeypatch, tmp_path):
    before = version_of([make("a.b.c")])
    (tmp_path / "yue.tsv").write_text("唔\t不", encoding="utf-8")
    monkeypatch.setattr("knowledge.index.LEXICON", tmp_path)
    monkeypatch.setattr("knowledge.index._word_lists", _word_lists.__wrapped__)
    assert version_of([make("a.b.c")]) != before
