import math

import pytest

from knowledge.errors import FileFault
from knowledge.judge import SIGNS, Band, Grounds, Judge, Logit, load_judge
from knowledge.ranking import Ranker

GROUNDS = Grounds(
    Ranker.of({"share": 1}),
    Logit.of({"bias": -1, "value": 2, "second": 3}),
    Logit.of({"bias": 0.5, "fifth": -1}),
    (-1.0, 4.0),
    0.2,
)
OTHER = Grounds(
    Ranker.of({"share": 3, "lead": 2}),
    Logit.of({"bias": 1, "mass": 4}),
    Logit.of({"bias": 1.5, "long": 2}),
    (3.0, 8.0),
    0.6,
)
JUDGE = Judge(GROUNDS, OTHER, (0.2, 0.3, 0.4, 0.5), 0.1, 0.8, 0.6)
NAMED = {"value": 0.4, "second": 0.1, "fifth": 0.3, "alike": 0, "mass": 1, "length": 2, "long": 0}


def logistic(z):
    return 1 / (1 + math.exp(-z))


def signs(**changed):
    return tuple((NAMED | changed)[name] for name in SIGNS)


def test_every_sign_is_named_here():
    assert tuple(NAMED) == SIGNS


def test_a_chance_is_the_logistic_of_the_signs_by_weight():
    assert GROUNDS.known.chance(signs()) == pytest.approx(logistic(-1 + 2 * 0.4 + 3 * 0.1))


def test_the_probability_is_that_of_knowing_and_of_being_right():
    known, right = logistic(-1 + 2 * 0.4 + 3 * 0.1), logistic(0.5 - 0.3)
    assert GROUNDS.probability(signs()) == pytest.approx(known * (0.2 + 0.8 * right))


def test_even_without_a_lead_the_first_is_right_now_and_then():
    hopeless = signs(fifth=1e9)
    assert GROUNDS.probability(hopeless) == pytest.approx(GROUNDS.known.chance(hopeless) * 0.2)


def test_a_score_is_the_logistic_of_the_value():
    assert GROUNDS.score(0.4) == pytest.approx(logistic(-1 + 4 * 0.4))


@pytest.mark.parametrize(("value", "limit"), [(1e9, 1.0), (-1e9, 0.0)])
def test_extreme_evidence_overflows_nowhere(value, limit):
    assert GROUNDS.known.chance(signs(value=value)) == pytest.approx(limit)
    assert GROUNDS.score(value) == pytest.approx(limit)


def test_a_strange_name_is_no_sign():
    with pytest.raises(KeyError, match="`lead` is no sign"):
        Logit.of({"bias": 0, "lead": 1})


def test_a_base_of_one_wording_has_its_own_grounds():
    alone = JUDGE.grounds(1.0)
    assert alone.probability(signs()) == pytest.approx(GROUNDS.probability(signs()))
    assert alone.score(0.4) == pytest.approx(GROUNDS.score(0.4))


def test_the_more_wordings_are_usual_the_more_the_others_count():
    mixed = JUDGE.grounds(0.25)
    assert mixed.ranker.short.tolist() == GROUNDS.ranker.mixed(OTHER.ranker, 0.25).short.tolist()
    assert mixed.known.bias == pytest.approx(0.25 * -1 + 0.75 * 1)
    assert mixed.known.weights == pytest.approx(Logit.of(
        {"bias": 0, "value": 0.5, "second": 0.75, "mass": 3}).weights)  # fmt: skip
    assert mixed.right.bias == pytest.approx(0.25 * 0.5 + 0.75 * 1.5)
    assert mixed.hit == pytest.approx((0.25 * -1 + 0.75 * 3, 0.25 * 4 + 0.75 * 8))
    assert mixed.floor == pytest.approx(0.25 * 0.2 + 0.75 * 0.6)


def test_grounds_are_mixed_once():
    assert JUDGE.grounds(0.125) is JUDGE.grounds(0.125)


@pytest.mark.parametrize(
    ("probability", "risk", "band"),
    [
        (0.2, 0, Band.ANSWER),
        (0.2, 1, Band.CANDIDATES),
        (0.49, 3, Band.CANDIDATES),
        (0.5, 3, Band.ANSWER),
        (0.1, 0, Band.CANDIDATES),
        (0.0999, 0, Band.DECLINE),
    ],
)
def test_a_border_belongs_to_the_better_band(probability, risk, band):
    assert JUDGE.band(probability, risk) is band


def test_the_shipped_judge_asks_for_more_where_more_is_at_stake():
    judge = load_judge()
    assert list(judge.answer_at) == sorted(judge.answer_at)
    assert 0 < judge.candidates_at < judge.answer_at[0]
    assert judge.answer_at[3] < 1
    assert 0 < judge.strange < 1


@pytest.mark.parametrize("name", ["alone", "many"])
def test_the_shipped_grounds_are_surer_of_what_is_better(name):
    grounds = getattr(load_judge(), name)
    assert 0 <= grounds.floor < 1
    assert grounds.hit[1] > 0
    assert (grounds.ranker.short >= 0).all()
    assert (grounds.ranker.long >= 0).all()
    for sure in (grounds.known, grounds.right):
        leads = dict(zip(SIGNS, sure.weights, strict=True))
        assert min(leads[sign] for sign in ("value", "second", "fifth", "alike", "mass")) >= 0


PART = (
    "{ranker: {share: 1}, known: {bias: 0}, right: {bias: 0}, hit: {bias: 0, value: 1}, floor: 0}"
)
BORDERS = "answer_at: [1, 1, 1, 1], candidates_at: 0.1, lead: 0.8, strange: 0.5"
GOOD = f"{{alone: {PART}, many: {PART}, {BORDERS}}}"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "judge.yaml"


def test_a_judge_is_read_from_a_file(path):
    path.write_text(GOOD)
    judge = load_judge(path)
    assert (judge.answer_at, judge.candidates_at) == ((1.0, 1.0, 1.0, 1.0), 0.1)
    assert (judge.lead, judge.strange) == (0.8, 0.5)
    assert judge.alone.hit == judge.many.hit == (0.0, 1.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[1, 1, 1, 1]", "[1, 1, 1]"),
        ("[1, 1, 1, 1]", "1"),
        ("[1, 1, 1, 1]", "[1, 1, 1, high]"),
        ("strange: 0.5", "strange: 0.5, more: 3"),
        (", strange: 0.5", ""),
        ("lead: 0.8, ", ""),
        ("strange: 0.5", "strange: high"),
        (f"many: {PART}, ", ""),
        (f"many: {PART}", "many: 3"),
        ("floor: 0", "ground: 0"),
        ("floor: 0", "floor: low"),
        ("ranker: {share: 1}", "ranker: {shares: 1}"),
        ("ranker: {share: 1}", "ranker: {share: high}"),
        ("known: {bias: 0}", "known: {}"),
        ("known: {bias: 0}", "known: {bias: 0, lead: 1}"),
        ("known: {bias: 0}", "known: {bias: high}"),
        ("known: {bias: 0}", "known: {bias: 0, value: high}"),
        ("hit: {bias: 0, value: 1}", "hit: {bias: 0}"),
        (GOOD, "{}"),
        (GOOD, "answer_at: ["),
        (GOOD, ""),
        (GOOD, "[]"),
        (GOOD, "3"),
    ],
)
def test_a_broken_judge_names_the_file(path, old, new):
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(FileFault, match=r"judge\.yaml: is not a judge"):
        load_judge(path)


def test_a_missing_judge_names_the_file(tmp_path):
    with pytest.raises(FileFault, match=r"none\.yaml: is not a judge"):
        load_judge(tmp_path / "none.yaml")
