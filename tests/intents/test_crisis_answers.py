"""Which number a whole answer in words stands for."""

import pytest

from intents import crisis_answers
from intents.crisis_answers import FIRM, SOFT
from intents.errors import CatalogueError


@pytest.mark.parametrize(
    ("said", "question", "number"),
    [
        ("有，或不确定", FIRM, "1"),
        ("没有，但很担心", FIRM, "2"),
        ("没有 但很担心。", FIRM, "2"),
        ("我打错了", FIRM, "3"),
        ("冇危險", FIRM, "2"),
        ("有，或说不准", SOFT, "1"),
        ("没有，只是担心", SOFT, "2"),
        ("没有，只是心里不好受", SOFT, "2"),
        ("没这回事，我想问别的", SOFT, "3"),
        ("没有", SOFT, "2"),
    ],
)
def test_labels_and_plain_answers_are_numbers(said, question, number):
    assert crisis_answers.number(said, question) == number


@pytest.mark.parametrize("said", ["没有", "没有人在", "还好", "他在睡觉", "开玩笑的", "没有危险吗"])
def test_what_may_mean_danger_is_no_answer_to_the_firm_question(said):
    assert crisis_answers.number(said, FIRM) is None


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("  2: [没有危险", "  2: [有危险", "two numbers"),
        ("soft:", "mild:", "unknown key"),
        (
            "  3: [打错了, 我打错了, 打错, 打错字了, 打错字",
            "  4: [打错了, 我打错了, 打错, 打错字了, 打错字",
            "unknown key",
        ),
    ],
)
def test_a_faulty_file_is_refused(write, old, new, match):
    content = crisis_answers.FILE.read_text(encoding="utf-8")
    assert old in content
    with pytest.raises(CatalogueError, match=match):
        crisis_answers.load(write("answers.yaml", content.replace(old, new, 1)))
