"""The numbers of features find what their names would."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import files, fit, text
from knowledge.sounds import sounds
from knowledge.vocabulary import FIRST_PAIR, FIRST_SOUND, Vocabulary, parts

BASE = [e for e in files.load() if e.topic.startswith("study.")]
INDEX = fit.fit(BASE)
ANYTHING = st.one_of(st.text(max_size=40), st.text(st.integers(0, 0x10FFFF).map(chr), max_size=40))


def heard(normalised):
    """The sounds of a text and their pairs, made one by one."""
    found = set()
    for run in text.readings(normalised)[0].split(" "):
        numbers = sounds(np.array([ord(c) for c in run], np.int64)).tolist()
        found |= {FIRST_SOUND + n for n in numbers}
        found |= {FIRST_SOUND + (a << 21 | b) for a, b in pairwise(numbers)}
    return found


def same(question):
    normalised = text.normalise(question)
    features = text.features_of(normalised)
    by_name = {f: c for f in features if (c := INDEX.vocabulary.column(f)) is not None}
    asked = INDEX.vocabulary.asked(normalised)

    def named(length):
        return sorted(c for f, c in by_name.items() if min(len(f), 3) == length)

    assert sorted(asked.chars.tolist()) == named(1)
    assert sorted(asked.pairs.tolist()) == named(2)
    assert sorted(asked.longer) == named(3)
    codes = set(INDEX.vocabulary.codes[asked.sounds].tolist())
    spoken = heard(normalised)
    assert codes == spoken & set(INDEX.vocabulary.codes.tolist())
    lengths = [min(len(f), 3) for f in features]
    assert asked.counts == (lengths.count(1), lengths.count(2), len(spoken), lengths.count(3))


def test_every_wording_of_the_base_finds_the_same_columns_both_ways():
    for entry in files.load()[::3]:
        for asking in entry.askings():
            same(f"{asking}呢")


@given(ANYTHING)
@example("\ud800孩\udfff子\x00")
@example("唔肯返學 3年級 \U00020000嘅")
def test_any_text_finds_the_same_columns_both_ways(anything):
    same(anything)


@given(ANYTHING)
def test_the_parts_of_a_text_are_sorted_and_stand_once(anything):
    codes, longer = parts(text.normalise(anything))
    assert codes.dtype == np.int64
    assert (np.diff(codes) > 0).all()
    assert list(longer) == sorted(set(longer))


@pytest.mark.parametrize("sentence", ["孩子写作业总是拖拉", "我家三年级的app打不开", "唔肯返学"])
def test_what_is_said_again_and_again_is_nothing_new(sentence):
    once, often = parts(sentence), parts(" ".join([sentence] * 300))
    assert np.array_equal(once.codes, often.codes)
    assert once.longer == often.longer


@given(st.sets(st.text(st.characters(min_codepoint=1, codec="utf-8"), min_size=1, max_size=5)))
def test_terms_come_back_by_their_columns(terms):
    codes = sorted(
        ord(t) if len(t) == 1 else ord(t[0]) << 21 | ord(t[1]) for t in terms if len(t) < 3
    )
    vocabulary = Vocabulary.of(np.array(codes, np.int64), {t for t in terms if len(t) > 2})
    assert len(vocabulary) == len(terms)
    columns = {vocabulary.column(t): t for t in terms}
    assert sorted(columns) == list(range(len(terms)))
    assert {c: vocabulary.term(c) for c in columns} == columns


def test_characters_pairs_sounds_and_longer_words_stand_in_this_order():
    pair, sound, longer = INDEX.vocabulary.bounds
    codes = INDEX.vocabulary.codes
    assert (codes[:pair] < FIRST_PAIR).all()
    assert ((codes[pair:sound] >= FIRST_PAIR) & (codes[pair:sound] < FIRST_SOUND)).all()
    assert (codes[sound:] >= FIRST_SOUND).all()
    assert longer == len(codes)
    assert list(INDEX.vocabulary.longer.values()) == list(range(longer, len(INDEX.vocabulary)))


@pytest.mark.parametrize("term", ["黱", "黱黱", "没有这样的词"])
def test_what_no_entry_holds_has_no_column(term):
    assert INDEX.vocabulary.column(term) is None


def test_a_slip_that_sounds_alike_is_heard():
    right, slip = (parts(t).codes for t in ("写作业", "写做业"))
    spoken = [codes[codes >= FIRST_SOUND].tolist() for codes in (right, slip)]
    assert spoken[0] == spoken[1]
    assert not np.array_equal(right, slip)


def test_a_base_without_a_feature_knows_nothing_of_a_question():
    asked = Vocabulary.of(np.zeros(0, np.int64), ()).asked("孩子写作业")
    assert (len(asked.seen), asked.splits, asked.longer) == (0, (0, 0), [])
    assert asked.counts[0] == 5
