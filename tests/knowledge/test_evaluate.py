import json

import numpy as np
import pytest

from knowledge.errors import FileFault
from knowledge.evaluate import Question, auroc, coverage, evaluate, index_of, questions_of, score
from knowledge.judge import Band, load_judge
from knowledge.search import Found, Hit
from tests.support.indexes import differences


def found(probability, *entries):
    hits = tuple(Hit(e, "t", 1 / n) for n, e in enumerate(entries, 1))
    return Found(hits, probability, Band.ANSWER)


def asked(*expected):
    return Question("q", "…", frozenset(expected))


def test_recall_and_reciprocal_rank_by_hand():
    questions = [asked("a"), asked("b"), asked("c", "d"), asked("e"), asked()]
    results = [
        found(0.9, "a", "x"),
        found(0.8, "x", "y", "b"),
        found(0.7, "x", "d", "c"),
        found(0.6, "x"),
        found(0.5, "a"),
    ]
    scores = score(questions, results)
    assert (scores.questions, scores.answerable) == (5, 4)
    assert scores.recall_1 == pytest.approx(1 / 4)
    assert scores.recall_3 == pytest.approx(3 / 4)
    assert scores.recall_10 == pytest.approx(3 / 4)
    assert scores.mrr_10 == pytest.approx((1 + 1 / 3 + 1 / 2) / 4)
    assert scores.auroc == pytest.approx(1.0)
    assert scores.coverage_95 == pytest.approx(1 / 5)


def test_figures_without_a_question_are_none():
    scores = score([asked()], [found(0.2, "a")])
    assert (scores.recall_1, scores.mrr_10, scores.auroc) == (None, None, None)
    assert scores.coverage_95 == 0.0
    assert score([], []).coverage_95 is None


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1], 1.0),
        ([0.1], [0.9, 0.8], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.5, 0.4], (2 + 0.5) / 4),
        ([0.3, 0.3, 0.7], [0.3, 0.1], (1.5 + 1.5 + 2) / 6),
    ],
)
def test_auroc_by_hand(positive, negative, expected):
    assert auroc(np.array(positive), np.array(negative)) == pytest.approx(expected)


def test_auroc_agrees_with_scikit_learn():
    from sklearn.metrics import roc_auc_score

    dice = np.random.default_rng(3)
    truth, values = dice.integers(0, 2, 300).astype(bool), dice.integers(0, 20, 300) / 20
    assert auroc(values[truth], values[~truth]) == pytest.approx(roc_auc_score(truth, values))


@pytest.mark.parametrize(
    ("sure", "right", "expected"),
    [
        ([0.9, 0.8], [True, True], 1.0),
        ([0.9, 0.8], [True, False], 0.5),
        ([0.9, 0.8], [False, True], 0.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.1 + n / 100 for n in range(20)], [False] + [True] * 19, 1.0),
        ([0.1 + n / 100 for n in range(19)], [False] + [True] * 18, 18 / 19),
    ],
)
def test_coverage_by_hand(sure, right, expected):
    assert coverage(np.array(sure), np.array(right)) == pytest.approx(expected)


def test_scores_carry_the_names_people_know():
    written = json.loads(score([asked("a")], [found(0.9, "a")]).to_json())
    assert written["R@1"] == written["R@3"] == written["R@10"] == written["MRR@10"] == 1.0
    assert written["AUROC"] is None


@pytest.fixture
def lines(tmp_path):
    def write(*rows):
        path = tmp_path / "lines.jsonl"
        path.write_text("\n".join(rows), encoding="utf-8")
        return path

    return write


def test_any_base_can_be_measured(lines):
    entries = lines(
        '{"id": "a", "question": "写作业拖拉怎么办", "similar": ["磨蹭"], "answer": "先定时间"}',
        "",
        '{"id": "b", "question": "玩手机停不下来", "similar": [{"text": "收不回手机"}]}',
    )
    index = index_of(entries)
    questions = lines(
        '{"id": "1", "text": "作业磨蹭拖拉", "expected": ["a"]}',
        '{"id": "2", "text": "手机停不下来", "expected": ["b"]}',
        '{"id": "3", "text": "火星", "expected": []}',
    )
    scores = evaluate(index, load_judge(), questions_of(questions))
    assert (scores.questions, scores.answerable, scores.recall_1) == (3, 2, 1.0)
    assert scores.auroc == 1.0


def test_the_order_of_the_lines_changes_nothing(lines):
    rows = [f'{{"id": "{n}", "question": "第{n}个问题", "answer": "答{n}"}}' for n in range(9)]
    one, other = index_of(lines(*rows)), index_of(lines(*rows[::-1]))
    assert differences(one, other) == []


def test_an_id_that_stands_twice_names_both_lines(lines):
    row = '{"id": "a", "question": "写作业拖拉"}'
    with pytest.raises(FileFault, match=r":3: id `a` stands in line 1, too"):
        index_of(lines(row, "", row))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "is not JSON"),
        ("[]", "is not an object"),
        ('{"id": "1", "text": "…"}', "`expected` is missing or not a list"),
        ('{"id": "1", "text": 3, "expected": []}', "`text` is missing or not a str"),
        ('{"id": 1, "text": "…", "expected": []}', "`id` is missing or not a str"),
        ('{"id": "1", "text": "…", "expected": [1]}', "`expected` must be a list of ids"),
    ],
)
def test_a_broken_question_names_file_and_line(lines, row, problem):
    path = lines('{"id": "0", "text": "…", "expected": []}', "", row)
    with pytest.raises(FileFault) as fault:
        questions_of(path)
    assert str(fault.value).startswith(f"{path}:3: {problem}")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('{"id": "1"}', "`question` is missing or not a str"),
        ('{"id": "1", "question": "…", "similar": "x"}', "`similar` must be a list of texts"),
        ('{"id": "1", "question": "…", "similar": 3}', "`similar` must be a list of texts"),
        ('{"id": "1", "question": "…", "similar": [3]}', "`similar` must be a list of texts"),
        ('{"id": "1", "question": "…", "similar": [{}]}', "`similar` must be a list of texts"),
    ],
)
def test_a_broken_entry_names_file_and_line(lines, row, problem):
    path = lines(row)
    with pytest.raises(FileFault) as fault:
        index_of(path)
    assert str(fault.value).startswith(f"{path}:1: {problem}")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "gbk.jsonl").write_bytes("问".encode("gbk"))
    for name in ("none.jsonl", "gbk.jsonl"):
        with pytest.raises(FileFault, match=f"{name}: cannot be read"):
            questions_of(tmp_path / name)
