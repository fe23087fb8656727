import math

import pytest

from knowledge.errors import FileFault
from knowledge.judge import Band, Judge, load_judge

JUDGE = Judge(-1.0, 2.0, 3.0, 0.5, (0.2, 0.3, 0.4, 0.5), 0.1, 0.15, 0.45)


def test_the_probability_is_the_logistic_of_the_evidence():
    z = -1 + 2 * 0.4 + 3 * 0.1 + 0.5 * math.log(1 + 20)
    assert JUDGE.probability(0.4, 0.1, 20) == pytest.approx(1 / (1 + math.exp(-z)))


def test_extreme_evidence_overflows_nowhere():
    assert JUDGE.probability(1e9, 0, 0) == pytest.approx(1.0)
    assert JUDGE.probability(-1e9, 0, 0) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("probability", "risk", "strange", "band"),
    [
        (0.2, 0, False, Band.ANSWER),
        (0.2, 1, False, Band.CANDIDATES),
        (0.49, 3, False, Band.CANDIDATES),
        (0.5, 3, False, Band.ANSWER),
        (0.1, 0, False, Band.CANDIDATES),
        (0.0999, 0, False, Band.DECLINE),
        (0.12, 0, True, Band.DECLINE),
        (0.15, 0, True, Band.CANDIDATES),
        (0.2, 0, True, Band.CANDIDATES),
        (0.45, 0, True, Band.ANSWER),
        (0.45, 3, True, Band.CANDIDATES),
    ],
)
def test_a_border_belongs_to_the_better_band(probability, risk, strange, band):
    assert JUDGE.band(probability, risk, strange=strange) is band


def test_the_shipped_judge_asks_for_more_where_more_is_at_stake():
    judge = load_judge()
    assert list(judge.answer_at) == sorted(judge.answer_at)
    assert (
        0
        < judge.candidates_at
        < judge.strange_at
        < judge.answer_at[0]
        < judge.strange_answer_at
        < 1
    )
    assert min(judge.share, judge.margin) > 0


GOOD = (
    "{bias: 0, share: 1, margin: 1, length: 1, candidates_at: 0.1, strange_at: 0.2,"
    " strange_answer_at: 0.5, %s}"
)


def test_a_judge_is_read_from_a_file(tmp_path):
    path = tmp_path / "judge.yaml"
    path.write_text(GOOD % "answer_at: [1, 1, 1, 1]")
    assert load_judge(path).answer_at == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "content",
    [
        GOOD % "answer_at: [1, 1, 1]",
        GOOD % "answer_at: 1",
        GOOD % "answer_at: [1, 1, 1, high]",
        GOOD % "answer_at: [1, 1, 1, 1], more: 3",
        "{answer_at: [1, 1, 1, 1]}",
        "answer_at: [",
        "{}",
    ],
)
def test_a_broken_judge_names_the_file(tmp_path, content):
    path = tmp_path / "judge.yaml"
    path.write_text(content)
    with pytest.raises(FileFault, match=r"judge\.yaml: is not a judge"):
        load_judge(path)


def test_a_missing_judge_names_the_file(tmp_path):
    with pytest.raises(FileFault, match=r"none\.yaml: is not a judge"):
        load_judge(tmp_path / "none.yaml")
