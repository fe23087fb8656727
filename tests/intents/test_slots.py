"""The slots through the door everybody uses: `Understander.read`."""

from __future__ import annotations

import pytest

from intents import slots
from intents.errors import CatalogueError, UnknownSlot
from intents.moments import Moment
from intents.slots import words
from knowledge import topics


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("青春期叛逆", "teen.rebel"),
        ("手机管理的课", "media.phone"),
        ("情绪", "emo"),
        ("学习", "study"),
        ("有没有讲厌学的课", "study.refusal"),
        ("打機", "media.game"),
        ("中考政策", "pol.zhongkao"),
        ("作业拖拉", "study.procrastinate"),
        ("細路發脾氣", "emo.tantrum"),
        ("早恋", "teen.love"),
        ("近视防控", "life.vision"),
        ("校园欺凌", "peer.bullied"),
        ("隔代教养", "fam.grand"),
        ("亲子沟通", "comm"),
        ("性教育", "teen.body"),
        ("有没有防溺水的", "safe.drown"),
        ("家庭教育", "fam"),
        ("二胎", "fam.sibling"),
        ("我手机号码换了", None),
        ("你好", None),
        ("好", None),
    ],
)
def test_a_topic_is_the_narrowest_that_is_named(understander, text, topic):
    assert understander.read("topic", text) == topic


def test_every_topic_is_found_by_its_own_name(understander):
    for leaf in topics.topics().values():
        assert understander.read("topic", leaf.name) == leaf.id


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("五星", 5),
        ("5分", 5),
        ("非常满意", 5),
        ("好好", 5),
        ("⭐⭐⭐⭐⭐", 5),
        ("满意", 4),
        ("不错", 4),
        ("四星", 4),
        ("★★★★", 4),
        ("一般", 3),
        ("麻麻哋", 3),
        ("给三分吧", 3),
        ("还可以", 3),
        ("不满意", 2),
        ("唔好", 2),
        ("2", 2),
        ("两颗星", 2),
        ("很差", 1),
        ("差劲", 1),
        ("一星", 1),
        ("非常不满意", 1),
        ("三个孩子", None),
        ("明天", None),
        ("差不多", None),
        ("我儿子五岁", None),
        ("⭐⭐⭐⭐⭐⭐", None),
        ("95分", None),
    ],
)
def test_a_rating_is_from_one_to_five(understander, text, rating):
    assert understander.read("rating", text) == rating


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("妈妈", "mother"),
        ("我係佢阿媽", "mother"),
        ("孩子妈", "mother"),
        ("爸爸", "father"),
        ("老豆", "father"),
        ("我是他父亲", "father"),
        ("爷爷", "grandparent"),
        ("外婆", "grandparent"),
        ("姥姥", "grandparent"),
        ("嫲嫲", "grandparent"),
        ("阿公", "grandparent"),
        ("其他", "other"),
        ("舅舅", "other"),
        ("监护人", "other"),
        ("老师", "other"),
        ("你好", None),
        ("妈呀", None),
    ],
)
def test_a_role_is_read(understander, text, role):
    assert understander.read("role", text) == role


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("关掉课程提醒", "lessons"),
        ("微课", "lessons"),
        ("提醒", "lessons"),
        ("听课提醒", "lessons"),
        ("上堂提醒", "lessons"),
        ("活动通知", "events"),
        ("讲座", "events"),
        ("通知", "events"),
        ("宣传周的", "events"),
        ("全部", "all"),
        ("取消所有提醒", "all"),
        ("都不要", "all"),
        ("课程和活动", "all"),
        ("冚唪唥", "all"),
        ("好", None),
        ("不要推送", None),
    ],
)
def test_the_kind_of_messages_is_read(understander, text, kind):
    assert understander.read("kind", text) == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("签到码 8k3f", "8K3F"),
        ("签到123456", "123456"),
        ("GZ-2026-000123", "GZ-2026-000123"),
        ("证书编号：gz2026001", "GZ2026001"),
        ("签到码是abcd", "ABCD"),
        ("簽到 ７７８８", "7788"),
        ("核对证书 YC20260001", "YC20260001"),
        ("A1B2C3", "A1B2C3"),
        ("我的码系 9Q2W", "9Q2W"),
        ("打卡 2468", "2468"),
        ("验证 c-77120", "C-77120"),
        ("4321", "4321"),
        ("打12355", None),
        ("孩子12岁", None),
        ("hello", None),
        ("2026年", None),
        ("3", None),
    ],
)
def test_a_code_is_read_as_written_in_capitals(understander, text, code):
    assert understander.read("code", text) == code
    assert understander.read("reference", text) == code


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("choice", "选第二个", 2),
        ("choice", "孩子不写作业", None),
        ("ages", "我個仔三年級", ("p_low",)),
        ("grades", "我個仔三年級", ("p3",)),
        ("district", "我住喺車陂", "tianhe"),
        ("street", "我住喺車陂", "车陂街道"),
        ("when", "聽晚8點", Moment(days=1, hour=20, minute=0)),
        ("ages", "你好", None),
    ],
)
def test_any_slot_is_read_from_any_text(understander, name, text, value):
    assert understander.read(name, text) == value


def test_a_slot_nobody_knows_is_an_error(understander):
    with pytest.raises(UnknownSlot, match="no slot is called `weather`"):
        understander.read("weather", "今天")


def test_one_way_of_writing_for_two_numbers_is_refused(write):
    with pytest.raises(CatalogueError, match="`x` is not one number"):
        slots.load_choices(write("choice.yaml", "1: x\n2: x\n"))


def test_choices_know_digits_and_words():
    choices = slots.load_choices()
    assert {choices[w] for w in ("2", "二", "两")} == {2}
    assert choices["0"] == 0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("words: {a: 好, b: 好}", "`好` is `a` already"),
        ("words: {a: '[好]'}", "is no list of words"),
        ("words: {a: 好~3人}", "is no list of words"),
        ("words: {a: '(好'}", "never closed"),
        ("words: {c: 好}", "unknown key `c`"),
    ],
)
def test_a_faulty_file_of_words_is_refused(write, content, fault):
    with pytest.raises(CatalogueError, match=fault):
        words.load(write("words.yaml", content), frozenset("ab"))


def test_harmless_words_hide_the_words_inside_them():
    found = words.Words({"中一": "j1"}, ["其中一"])
    assert found.first("其中一个") is None
    assert found.first("今年中一") == "j1"
    assert list(words.Words({}).find("好")) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("听课的通知", "lessons"),
        ("课程和通知都关", "all"),
        ("通知", "events"),
        ("打卡提醒", "lessons"),
        ("提醒返我", None),
    ],
)
def test_a_notice_of_lessons_is_no_event(understander, text, kind):
    assert understander.read("kind", text) == kind


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("我是三舅", "other"),
        ("街道工作人员", "other"),
        ("佢细姨", "other"),
        ("托管班的志愿者", "other"),
        ("小朋友的妈妈", "mother"),
        ("小朋友", None),
        ("爷爷辈", None),
    ],
)
def test_all_kin_and_helpers_have_a_role(understander, text, role):
    assert understander.read("role", text) == role


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("揿4", 4),
        ("输入数字6", 6),
        ("序号3", 3),
        ("都唔啱，按0", 0),
        ("5号选项", 5),
        ("第4点", 4),
        ("四点", None),
        ("要八点", None),
    ],
)
def test_a_number_is_chosen_in_many_words(understander, text, choice):
    assert understander.read("choice", text) == choice


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("唔肯同佢倾偈，唔想开口", "comm.listen"),
        ("两公婆育儿理念唔同", "comm.parents"),
        ("反叛期", "teen.rebel"),
        ("俾室友孤立", "peer.bullied"),
        ("上台害怕", "emo.anxiety"),
        ("瞓得迟", "life.sleep"),
    ],
)
def test_families_of_wordings_name_a_topic(understander, text, topic):
    assert understander.read("topic", text) == topic
