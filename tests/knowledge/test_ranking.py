"""The second look: the fast order is the weighted sum of evidence made one by one."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import fit, text
from knowledge.candidates import best
from knowledge.forms import Document
from knowledge.ranking import EVIDENCE, OF_ENTRY, OF_WORDING, Ranker, evidence, of_entry, rank
from knowledge.sounds import sounds
from tests.support.indexes import documents, questions

KINDS = ("chars", "pairs", "sounds")


def ranker(seed):
    dice = random.Random(seed)
    weights = {n: dice.uniform(-1, 5) for n in EVIDENCE if dice.random() < 0.8}
    return Ranker.of(weights | {f"long_{n}": dice.uniform(-1, 3) for n in EVIDENCE})


def agree(index, question, judged):
    """`rank` against the sum of `evidence` by weight, the best wording of each candidate."""
    asked = index.vocabulary.asked(text.normalise(question))
    found = best(index, asked, 16)
    if not len(found.rows):
        return
    wordings, owners, of_wordings, of_entries = evidence(index, asked, found)
    assert of_wordings.shape == (len(wordings), len(OF_WORDING))
    assert of_entries.shape == (len(found.rows), len(OF_ENTRY))
    for long in (False, True):
        weights = judged.long if long else judged.short
        by_wording = of_wordings @ weights[: len(OF_WORDING)]
        values = np.array([by_wording[owners == n].max() for n in range(len(found.rows))])
        values += of_entries @ weights[len(OF_WORDING) :]
        ranked = rank(index, asked, found, judged, long=long)
        assert sorted(ranked.at.tolist()) == list(range(len(found.rows)))
        np.testing.assert_allclose(ranked.values, values[ranked.at], atol=1e-9)
        assert (np.diff(ranked.values) <= 0).all()
        alike = of_wordings[owners == ranked.at[0], OF_WORDING.index("alike_chars")]
        assert ranked.alike == pytest.approx(alike.max() if judged.compares else 0.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([1, 2, 5]))
def test_the_order_is_the_weighted_sum_of_the_evidence(seed, most):
    index = fit.build(documents(seed, 30, most))
    asked = questions(seed, 4)
    for question in [*asked, "，".join(asked)]:
        agree(index, question, ranker(seed))


@pytest.mark.parametrize(
    "weights",
    [
        {"share": 1},
        {"lead_chars": 1, "long_share_pairs": 2},
        {"share": 1, "alike_chars": 2},
        {"share": 1, "long_alike_chars": 2},
        {"share": 1, "alike_chars": 2, "long_alike_chars": -2},
        {},
    ],
    ids=str,
)
def test_it_is_so_whatever_has_no_weight(weights):
    for most in (1, 5):
        index = fit.build(documents(1, 30, most))
        for question in questions(1, 5):
            agree(index, question, Ranker.of(weights))


def test_it_is_so_for_a_question_without_a_pair():
    wordings = {"a": "睡", "b": "不睡", "c": "玩", "d": "吃", "e": "睡吧"}
    index = fit.build(Document(n, (w,), "睡" if n == "b" else "") for n, w in wordings.items())
    agree(index, "睡", Ranker.of({"share": 1, "share_pairs": 5}))


def test_it_is_so_for_the_shipped_base(index, entries):
    for entry in entries[::30]:
        agree(index, f"请问{entry.question[1:]}吗", ranker(entry.id))
        agree(index, f"{entry.answer[:60]}{entry.question[1:]}", ranker(entry.id))


def test_it_is_so_where_every_entry_has_one_wording(entries):
    index = fit.build(Document(e.id, (e.question,), e.answer) for e in entries)
    assert len(index.forms.texts) == len(index)
    for entry in entries[::30]:
        agree(index, entry.similar[0].text, ranker(entry.id))


def named(normalised):
    """The characters, pairs and sounds of a text by name, one by one."""
    features = text.features_of(normalised)
    heard = set()
    for run in text.readings(normalised)[0].split(" "):
        numbers = sounds(np.array([ord(c) for c in run], np.int64)).tolist()
        heard |= {*numbers, *pairwise(numbers)}
    return [{f for f in features if len(f) == n} for n in (1, 2)] + [heard]


def test_evidence_by_hand():
    listed = [
        Document("a", ("写作业拖拉", "作业磨蹭")),
        Document("b", ("玩手机不做作业",)),
        Document("c", ("在学校哭", "不肯去")),
        Document("d", ("做事拖拉",)),
    ]
    index = fit.build(listed)
    of_texts = [named(t) for t in index.forms.texts]
    spread = [named(" ".join(text.normalise(w) for w in d.wordings)) for d in listed]
    question = "写做业拖拉的"
    own = named(text.normalise(question))

    def weight(kind, features):
        # of scikit-learn's smooth IDF, in steps of 2 ** -16; none of an unknown feature's
        def idf(feature):
            held = sum(feature in entry[kind] for entry in spread)
            value = np.log(5 / (1 + held)) + 1
            return round(value * 2**16) / 2**16 if held else value

        return sum(map(idf, features))

    asked = index.vocabulary.asked(text.normalise(question))
    wordings, _, made, _ = evidence(index, asked, best(index, asked, 16))
    for wording, values in zip(wordings.tolist(), made, strict=True):
        shown = dict(zip(OF_WORDING, values.tolist(), strict=True))
        for kind, name in enumerate(KINDS):
            theirs = of_texts[wording][kind]
            shared = weight(kind, own[kind] & theirs)
            whole, held = weight(kind, own[kind]), weight(kind, theirs)
            assert shown[f"ask_{name}"] == pytest.approx(shared / whole)
            assert shown[f"held_{name}"] == pytest.approx(shared / held)
            assert shown[f"alike_{name}"] == pytest.approx(shared / (whole * held) ** 0.5)


def test_a_homophone_slip_is_heard_where_it_is_not_seen():
    index = fit.build([Document("a", ("写作业",)), Document("b", ("玩手机",))])
    asked = index.vocabulary.asked("写做业")
    values = dict(
        zip(OF_WORDING, evidence(index, asked, best(index, asked, 16))[2][0], strict=True)
    )
    assert values["ask_sounds"] == pytest.approx(1)
    assert values["alike_sounds"] == pytest.approx(1)
    assert values["ask_chars"] < 1


def test_a_text_that_is_the_wording_has_all_the_evidence_of_one(index, entries):
    for entry in entries[::50]:
        asked = index.vocabulary.asked(text.normalise(entry.question))
        wordings, _, made, of_entries = evidence(index, asked, best(index, asked, 16))
        own = index.forms.texts.index(text.normalise(entry.question))
        np.testing.assert_allclose(made[wordings.tolist().index(own)], 1)
        assert of_entries[:, OF_ENTRY.index("lead")].max() == 1


def test_no_evidence_of_a_wording_is_below_none_or_above_all(index, entries):
    for entry in entries[::30]:
        asked = index.vocabulary.asked(text.normalise(f"孩子{entry.summary}火星"))
        made = evidence(index, asked, best(index, asked, 16))[2]
        assert ((made >= 0) & (made <= 1 + 1e-9)).all()


def test_the_evidence_of_an_entry_is_its_share_of_the_first_look(index, entries):
    for entry in entries[::50]:
        asked = index.vocabulary.asked(text.normalise(entry.summary))
        found = best(index, asked, 16)
        share, lead, chars, pairs, lead_chars = of_entry(found).T
        np.testing.assert_allclose(share, found.scores / found.most)
        np.testing.assert_allclose(lead, found.scores / found.scores.max())
        np.testing.assert_allclose(chars, found.chars / found.most_chars)
        np.testing.assert_allclose(lead_chars, found.chars / found.chars.max())
        most = found.most - found.most_chars
        np.testing.assert_allclose(pairs, (found.scores - found.chars) / most)


def test_equal_values_come_in_the_order_of_rows():
    index = fit.build(Document(f"e{n}", (f"作业{c}",)) for n, c in enumerate("甲乙丙丁戊己"))
    asked = index.vocabulary.asked("甲乙丙丁戊己")
    found = best(index, asked, 16)
    ranked = rank(index, asked, found, Ranker.of({"share": 1}), long=False)
    assert found.rows[ranked.at].tolist() == list(range(6))


def test_weights_have_names_and_those_of_stories_are_added():
    made = Ranker.of({"share": 1, "ask_chars": 2, "long_share": 3, "long_lead": 4})
    short = dict(zip(EVIDENCE, made.short.tolist(), strict=True))
    long = dict(zip(EVIDENCE, made.long.tolist(), strict=True))
    assert {n: w for n, w in short.items() if w} == {"share": 1, "ask_chars": 2}
    assert {n: w for n, w in long.items() if w} == {"share": 4, "ask_chars": 2, "lead": 4}


@pytest.mark.parametrize("name", ["shares", "long_", "long_long_share"])
def test_a_strange_name_is_no_weight(name):
    with pytest.raises(KeyError, match=f"`{name}` is no evidence"):
        Ranker.of({"share": 1, name: 1})


def test_two_rankers_are_mixed_weight_by_weight():
    one, other = Ranker.of({"share": 1, "long_lead": 2}), Ranker.of({"share": 3, "lead": 4})
    mixed = one.mixed(other, 0.25)
    assert dict(zip(EVIDENCE, mixed.short.tolist(), strict=True))["share"] == 2.5
    assert dict(zip(EVIDENCE, mixed.long.tolist(), strict=True))["lead"] == 3.5
