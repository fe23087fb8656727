"""One parent who asks without end: so many a minute and an hour; a crisis gets its help."""

import pytest

from bot.clock import HandClock
from bot.dialogue import flood
from bot.dialogue.flood import MOST, Flood
from bot.wechat import events
from bot.wechat.replies import TextReply
from tests.support import world
from tests.support.desk import FATHER, MORNING, MOTHER

QUESTION = "孩子写作业总是拖拉怎么办"
ANSWERS, QUESTIONS = 20, 60
DANGER = "孩子说不想活了，刚才吃了一瓶药"


@pytest.fixture
def sqlite_settings(tmp_path):
    return world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", parent_answers=ANSWERS)


@pytest.fixture
def held(desk):
    return Flood(desk.rt)


def ask(held, desk, words, *, who=MOTHER, reply="好的"):
    """Say something as the webhook does; returns what is shown, and whether it was answered."""
    message = desk.words(words, who=who)
    if held.holds(message):
        shown = held.instead(message)
        return (shown and shown.text, False)
    held.note(message, TextReply(reply))
    return (reply, True)


async def test_after_twenty_answers_one_polite_line_then_silence(desk, held):
    for n in range(ANSWERS):
        assert ask(held, desk, f"你好{n}") == ("好的", True)
    slow = desk.rt.say("busy", "slow")
    assert ask(held, desk, "你好") == (slow, False)
    assert ask(held, desk, "你好啊") == (None, False)
    desk.clock.turn(seconds=59)
    assert ask(held, desk, "你好") == (None, False)
    desk.clock.turn(seconds=1)
    assert ask(held, desk, "你好") == ("好的", True)
    assert ask(held, desk, "你好", who=FATHER) == ("好的", True)


async def test_one_polite_line_a_minute_while_it_goes_on(desk, held):
    lines = 0
    for n in range(240):  # two a second
        shown, answered = ask(held, desk, f"第{n}句")
        lines += shown is not None and not answered
        desk.clock.turn(seconds=0.5)
    assert 1 <= lines <= 2


@pytest.mark.parametrize("words", [DANGER, "人工", "退订"])
async def test_a_crisis_and_a_wish_for_a_person_are_never_held(desk, held, words):
    for n in range(100):
        ask(held, desk, f"你好{n}")
    for _ in range(30):
        assert ask(held, desk, words, reply="帮助") == ("帮助", True)


async def test_the_answer_to_a_crisis_question_is_not_held(desk, held):
    await desk.says(DANGER)
    for n in range(100):
        ask(held, desk, f"你好{n}")
    assert ask(held, desk, "1", reply="请现在就做") == ("请现在就做", True)


async def test_the_same_question_is_answered_from_memory(desk, held):
    assert [ask(held, desk, QUESTION, reply=f"答{n}") for n in range(5)] == [
        ("答0", True), ("答1", True), ("答2", True), ("答2", False), ("答2", False),
    ]  # fmt: skip
    desk.clock.turn(seconds=61)
    assert ask(held, desk, QUESTION, reply="新") == ("新", True)


async def test_a_number_is_never_answered_from_memory(desk, held):
    for n in range(6):
        assert ask(held, desk, "1", reply=f"答{n}") == (f"答{n}", True)


async def test_sixty_different_questions_an_hour(desk, held):
    for n in range(QUESTIONS):
        assert ask(held, desk, f"{QUESTION}{'很' * (n + 1)}")[1], n
        desk.clock.turn(seconds=10)
    assert not ask(held, desk, "孩子不爱看书怎么办")[1]
    assert ask(held, desk, "你好")[1]
    assert ask(held, desk, f"{QUESTION}很")[1]  # not a new one
    desk.clock.turn(hours=1)
    assert ask(held, desk, "孩子不爱看书怎么办")[1]


async def test_what_the_platform_says_is_never_held(desk, held):
    for n in range(100):
        ask(held, desk, f"你好{n}")
    assert not held.holds(desk.event(events.Unsubscribe))


async def test_a_repeat_of_the_platform_is_not_held(desk, held):
    for n in range(ANSWERS):
        message = desk.words(f"你好{n}")
        held.note(message, TextReply("好的"))
    assert not held.holds(message)


async def test_silence_is_no_answer(desk, held):
    for n in range(100):
        message = desk.words(f"我再说一句{n}")  # to a person: the bot shows nothing
        assert not held.holds(message)
        held.note(message, None)


async def test_memory_is_bounded(desk, held, monkeypatch):
    monkeypatch.setattr(flood, "MOST", 50)
    for n in range(200):
        ask(held, desk, "你好", who=f"o{n}")
    assert len(held) == 50
    assert MOST == 20_000


async def test_on_the_wire_a_flood_gets_success_and_every_cry_its_help(tmp_path):
    clock = HandClock(MORNING)
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", parent_answers=ANSWERS)
    async with world.City.open(given, clock=clock) as city:
        city.platform.clock.freeze(clock.timestamp())
        parent = city.parent()
        await parent.follows()
        told = [await parent.says("你好") for _ in range(30)]
        assert sum("您好" in words for words in told) == ANSWERS
        assert sum("缓一分钟" in words for words in told) == 1
        assert told[-5:] == [""] * 5
        cried = [await parent.says(DANGER) for _ in range(20)]
        assert all("现在有危险吗" in words for words in cried)
        assert [d.attempts[-1].status for d in parent.deliveries] == [200] * len(parent.deliveries)
        (alarm,) = await city.rows("SELECT * FROM alarm")
        assert alarm["times"] == 20
        kept = await city.rows("SELECT 1 FROM inbox WHERE content = '你好'")
        assert len(kept) == ANSWERS
