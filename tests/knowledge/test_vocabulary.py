"""The numbers of features find what their names would."""

from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import files, fit, text
from knowledge.vocabulary import Vocabulary

BASE = [e for e in files.load() if e.topic.startswith("study.")]
INDEX = fit.fit(BASE)


def same(question):
    normalised = text.normalise(question)
    features = text.features_of(normalised)
    by_name = {c for f in features if (c := INDEX.vocabulary.column(f)) is not None}
    columns, count = INDEX.vocabulary.columns_in(normalised)
    assert sorted(columns.tolist()) == sorted(by_name)
    assert count == len(features)


def test_every_wording_of_the_base_finds_the_same_columns_both_ways():
    for entry in files.load():
        for asking in entry.askings():
            same(f"{asking}呢")


@given(st.one_of(st.text(max_size=40), st.text(st.integers(0, 0x10FFFF).map(chr), max_size=40)))
@example("\ud800孩\udfff子\x00")
def test_any_text_finds_the_same_columns_both_ways(anything):
    same(anything)


@given(
    st.sets(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5))
)
def test_terms_come_back_in_column_order(terms):
    vocabulary = Vocabulary.of(terms)
    assert set(vocabulary.terms()) == terms
    assert [vocabulary.column(t) for t in vocabulary.terms()] == list(range(len(terms)))
