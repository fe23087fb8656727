"""What a base is made of: read in any order, changed in parts, equal to what is read anew."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from knowledge import forms, text
from knowledge.entry import AGES
from knowledge.forms import Document
from knowledge.vocabulary import FIRST_SOUND, parts

HOMEWORK = Document(
    "b",
    ("写作业拖拉", "作业磨蹭"),
    "先定时间。",
    "study",
    2,
    ("p_low", "senior"),
    date(2027, 6, 30),
    "gz",
)
PHONE = Document("a", ("玩手机",))


@pytest.fixture
def small():
    return forms.read([HOMEWORK, PHONE])


def terms(read, lists, number):
    part = lists.columns[lists.bounds[number] : lists.bounds[number + 1]]
    return {read.vocabulary.term(int(column)) for column in part}


def test_entries_stand_by_id_with_what_is_known_of_them(small):
    assert [n[:3] for n in small.names] == [("a", "", ""), ("b", "study", "gz")]
    assert small.risks.tolist() == [0, 2]
    assert small.ages.tolist() == [0, 1 << AGES.index("p_low") | 1 << AGES.index("senior")]
    assert small.until.tolist() == [0, date(2027, 6, 30).toordinal()]
    assert small.texts == ("玩手机", "写作业拖拉", "作业磨蹭")
    assert small.starts.tolist() == [0, 1, 3]


def test_characters_pairs_sounds_and_longer_words_of_a_wording_stand_apart(small):
    for wording, written in enumerate(small.texts):
        features = text.features_of(written)
        for kind in (1, 2):
            named = {f for f in features if len(f) == kind}
            assert terms(small, small.seen, 3 * wording + kind - 1) == named
        assert terms(small, small.longer, wording) == {f for f in features if len(f) > 2}
        first, last = small.seen.bounds[3 * wording + 2 : 3 * wording + 4]
        heard = small.vocabulary.codes[small.seen.columns[first:last]]
        assert heard.tolist() == [c for c in parts(written).codes if c >= FIRST_SOUND]


def test_an_answer_is_seen_and_not_heard(small):
    assert terms(small, small.answers, 0) == set()
    assert terms(small, small.answers, 1) == text.features("先定时间。")


def test_the_vocabulary_holds_every_feature_and_no_other(small):
    used = [lists.columns for lists in (small.seen, small.longer, small.answers)]
    assert np.unique(np.concatenate(used)).tolist() == list(range(len(small.vocabulary)))


def test_a_document_without_a_version_is_known_by_everything_in_it():
    others = {
        "wordings": ("写作业拖拉",), "answer": "别的", "topic": "media", "risk": 1, "ages": (),
        "valid_until": None, "area": "sz",
    }  # fmt: skip
    docs = [HOMEWORK, *(replace(HOMEWORK, **{name: value}) for name, value in others.items())]
    versions = {forms.read([d]).names[0][3] for d in docs}
    assert len(versions) == len(docs)
    assert forms.read([replace(HOMEWORK, version="1")]).names[0][3] == "1"


def test_the_document_of_an_entry_is_all_that_a_search_needs(make):
    entry = make(
        "a.b.c", "一句", "两句", answer="答", risk=3, ages=("junior",),
        valid_until=date(2027, 1, 1), area="gz/tianhe",
    )  # fmt: skip
    assert Document.of(entry) == Document(
        "a.b.c", ("一句", "两句"), "答", "study.reading", 3, ("junior",), date(2027, 1, 1),
        "gz/tianhe", entry.version,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "problem"),
    [
        ([PHONE, replace(HOMEWORK, id="a")], "two documents have one id"),
        ([PHONE, replace(HOMEWORK, wordings=())], "a document has no wording"),
    ],
)
def test_documents_that_cannot_be_told_apart_or_asked_for_are_refused(documents, problem):
    with pytest.raises(ValueError, match=problem):
        forms.read(documents)


def test_a_wording_without_a_word_has_no_feature():
    read = forms.read([Document("a", ("😀！", "手机"))])
    assert read.texts == ("", "手机")
    assert read.seen.bounds[:4].tolist() == [0, 0, 0, 0]


def test_no_documents_have_no_forms():
    read = forms.read([])
    assert (read.names, read.texts, len(read.vocabulary)) == ((), (), 0)
    assert read.starts.tolist() == [0]


def test_the_forms_of_some_entries_are_theirs_alone(small):
    taken = small.taken(np.array([1]))
    assert [n[0] for n in taken.names] == ["b"]
    assert taken.texts == ("写作业拖拉", "作业磨蹭")
    assert terms(taken, taken.seen, 0) == terms(small, small.seen, 3)
    assert terms(taken, taken.answers, 0) == terms(small, small.answers, 1)


def test_what_only_a_removed_document_held_is_forgotten(small):
    left = forms.merged(small, [], {"b"})
    assert [n[0] for n in left.names] == ["a"]
    assert left.vocabulary.column("作") is None
    assert left.vocabulary.column("手") is not None


def test_a_changed_document_may_not_stand_twice(small):
    with pytest.raises(ValueError, match="two documents have one id"):
        forms.merged(small, [PHONE, replace(PHONE, answer="别的")], ())
