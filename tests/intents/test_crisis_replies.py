from __future__ import annotations

import re
from itertools import product

import pytest

from intents import crisis, crisis_replies
from intents.crisis import FOLDER, Crisis
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError, UnknownReply

CASES = list(product(CATEGORIES, crisis_replies.SPEAKERS, crisis_replies.SEVERITIES))
SAFE = re.compile("陪|守|离开|隔开|安全|医院|收好|收走|别一个人|别让|信任的大人|接手|联系|平静地")
HEARD = re.compile("谢谢|在意|明白|撑了很久|撑得太久|最重要|很急|认真|要紧")
NEVER = re.compile(
    "想开点|别胡闹|矫情|脆弱|不会有事|保密|家丑|没事的|抑郁症|毫克|几片|照片发|拍照发"
)


def first(category, speaker, severity, hotlines):
    return crisis.reply(Crisis(category, severity, "x", False, speaker), hotlines)


@pytest.mark.parametrize(("category", "speaker", "severity"), CASES)
def test_a_first_reply_has_all_it_must_have(category, speaker, severity, hotlines):
    body, question = first(category, speaker, severity, hotlines).split("\n", 1)
    assert len(re.sub(r"\d", "", body)) <= 120
    assert HEARD.search(body)
    assert SAFE.search(body)
    assert re.search("110|120", body)
    assert len(re.findall(r"\d{3,5}", body)) <= 3
    assert re.search("人工|110", body)
    assert "？" in question
    assert question.endswith("1 有，或不确定\n2 没有，但很担心\n3 没这回事，或我打错了")
    assert not NEVER.search(body)


@pytest.mark.parametrize(
    ("category", "speaker"), list(product(CATEGORIES, crisis_replies.SPEAKERS))
)
def test_at_severity_three_help_is_called_now(category, speaker, hotlines):
    body = first(category, speaker, 3, hotlines).split("\n")[0]
    assert re.search("(现在就|马上|立即)[^。]{0,12}(打|110|120)|打(110|120)", body)
    assert re.search("现在就|马上|立即", body)


@pytest.mark.parametrize(("category", "choice"), list(product(CATEGORIES, (1, 2))))
def test_a_second_reply_says_what_to_do_and_asks_one_thing(category, choice, hotlines):
    text = crisis.follow_up(category, 2, choice, hotlines)
    assert re.search("110|120", text)
    assert text.count("\n") >= 4
    assert text.rstrip().endswith(("。", "？"))
    assert len(text) <= 260
    assert not NEVER.search(text)


@pytest.mark.parametrize(("category", "choice"), list(product(CATEGORIES, (1, 2))))
def test_a_child_gets_a_second_reply_of_its_own(category, choice, hotlines):
    text = crisis.follow_up(category, 2, choice, hotlines, speaker="child")
    assert text != crisis.follow_up(category, 2, choice, hotlines)
    assert re.search("110|120", text)
    assert "您" not in text
    assert len(text) <= 260
    assert not NEVER.search(text)


@pytest.mark.parametrize(("category", "severity"), list(product(CATEGORIES, (1, 2, 3))))
def test_a_child_is_spoken_to_simply_and_sent_to_one_trusted_adult(category, severity, hotlines):
    body = first(category, "child", severity, hotlines).split("\n")[0]
    assert "您" not in body
    assert re.search("大人|邻居|派出所|老师", body)
    assert not re.search("告诉(你的)?(爸|妈|父母|家长)", body)


def test_worry_of_a_child_after_severity_three_asks_not_to_be_alone(hotlines):
    grave = crisis.follow_up("self_harm", 3, 2, hotlines, speaker="child")
    assert "别一个人" in grave.split("\n")[0]
    assert "您" not in grave


def test_every_text_has_an_id_for_those_who_sign_it():
    texts = crisis_replies.texts()
    assert len(texts) == len(CASES) + len(CATEGORIES) * 4 + 4
    assert texts["first.self_harm.other.3"].startswith("您说的我很在意")
    assert {"question", "wrong", "still_urgent", "still_urgent_child"} <= set(texts)
    assert all(texts.values())


def test_a_slip_is_let_go(hotlines):
    assert "不再提" in crisis.follow_up("self_harm", 2, 3, hotlines)


def test_an_answer_nobody_understands_counts_as_danger(hotlines):
    unclear = crisis.follow_up("medical", 3, 9, hotlines)
    assert unclear == crisis.follow_up("medical", 3, 1, hotlines)


def test_worry_after_severity_three_still_asks_to_stay(hotlines):
    grave = crisis.follow_up("self_harm", 3, 2, hotlines)
    assert grave.endswith(crisis.follow_up("self_harm", 2, 2, hotlines))
    assert "别让" in grave.split("\n")[0]


def test_a_missing_number_is_an_error():
    with pytest.raises(UnknownReply, match="no number"):
        crisis.reply(Crisis("self_harm", 3, "x", False), {})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{hotline_110}", "{hotline_999}", "`{hotline_999}` is no hotline"),
        ("  medical:\n", "  medicine:\n", "`medical` is missing"),
        ("wrong:", "right:", "unknown key `right`"),
    ],
)
def test_a_faulty_file_is_refused(write, old, new, fault):
    text = (FOLDER / "replies.yaml").read_text(encoding="utf-8").replace(old, new)
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        crisis_replies.load(write("replies.yaml", text))
