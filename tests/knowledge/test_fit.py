import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge import fit, text
from knowledge.index import version_of
from knowledge.search import score

ASKED = [
    ("作业拖拉怎么办", "写作业磨蹭", "每天写到十点"),
    ("玩手机停不下来", "手机收不回来"),
    ("不想去上学", "孩子不肯上学怎么办", "星期一就说肚子疼"),
    ("不爱看书",),
]
QUESTIONS = ["作业写到十点", "孩子玩手机", "不想上学", "书", "火星上有没有水"]


@pytest.fixture
def small(make):
    answers = ("先定时间再写作业。", "约好停的时间。", "先听孩子说。", "读给孩子听。")
    return [make(f"study.reading.e{n}", *a, answer=answers[n], risk=n) for n, a in enumerate(ASKED)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_equal_bm25_computed_from_scikit_learn_s_idf(small, question):
    """Presence BM25 (k1 1.2, b 0.75) of wordings, and of answers at 0.3, term by term."""
    asked = [set().union(*map(text.features, e.askings())) for e in small]
    model = TfidfVectorizer(analyzer=list, binary=True, norm=None).fit([sorted(a) for a in asked])
    idf = dict(zip(model.get_feature_names_out(), model.idf_, strict=True))
    common = {t for t in idf if sum(t in a for a in asked) > 0.75 * len(asked)}
    answered = [text.features(e.answer) & idf.keys() for e in small]

    def weight(term, docs, row):
        mean = sum(map(len, docs)) / len(docs)
        norm = 1.2 * (1 - 0.75 + 0.75 * len(docs[row]) / mean)
        return idf[term] * 2.2 / (1 + norm) if term in docs[row] else 0.0

    terms = (text.features(question) & idf.keys()) - common
    expected = [
        sum(weight(t, asked, row) + 0.3 * weight(t, answered, row) for t in terms)
        for row in range(len(small))
    ]
    index = fit.fit(small)
    scores, _ = score(index, *index.vocabulary.columns_in(text.normalise(question)))
    np.testing.assert_allclose(scores, expected, rtol=1e-12)


def test_the_total_is_what_an_entry_would_have_that_accounts_for_everything(small):
    index = fit.fit(small)
    features = text.features("作业火星")
    known = [c for f in features if (c := index.vocabulary.column(f)) is not None]
    _, total = score(index, *index.vocabulary.columns_in("作业火星"))
    unknown = (len(features) - len(known)) * 0.8 * (np.log1p(4) + 1)
    assert total == pytest.approx(index.idf[known].sum() + unknown)


def test_rows_and_risks_keep_the_order_given(small):
    index = fit.fit(small)
    assert index.entries == tuple(e.id for e in small)
    assert index.risks.tolist() == [0, 1, 2, 3]
    assert index.topics == ("study.reading",) * 4


def test_postings_are_sorted_and_complete(small):
    index = fit.fit(small)
    assert index.ptr[0] == 0
    assert index.ptr[-1] == len(index.docs) == len(index.impact)
    assert (index.impact > 0).all()
    for column in range(len(index.vocabulary.terms())):
        rows = index.docs[index.ptr[column] : index.ptr[column + 1]]
        assert rows.tolist() == sorted(set(rows.tolist()))


def test_a_feature_of_most_entries_weighs_nothing(make):
    index = fit.fit([make(f"a.b.{n}", f"孩子{word}") for n, word in enumerate("甲乙丙丁戊")])
    assert index.idf[index.vocabulary.column("孩子")] == 0
    assert index.counts[index.vocabulary.column("孩子")] == 0
    assert index.idf[index.vocabulary.column("甲")] > 0


def test_every_wording_is_known_word_for_word(small):
    index = fit.fit(small)
    assert index.exact["写作业磨蹭"] == 0
    assert len(index.exact) == sum(map(len, ASKED))


def test_the_index_carries_the_version_of_its_entries(small):
    assert fit.fit(small).version == version_of(small)


def test_the_version_does_not_depend_on_the_order(small):
    assert version_of(small) == version_of(small[::-1])
    assert version_of(small) != version_of(small[:-1])
