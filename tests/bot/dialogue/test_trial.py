"""A trial tells what a parent would be told, and stores nothing."""

import pytest

from bot.dialogue import trial
from intents.moments import Moment

KEYS = ("id", "text", "band", "intent", "slots", "crisis", "hits", "reply")


@pytest.mark.parametrize(
    ("words", "band", "intent"),
    [
        ("孩子写作业总是拖拉怎么办", "answer", "ask_question"),
        ("菜单", "task", "help"),
        ("2", "task", "number_choice"),
        ("我不想活了", "crisis", "ask_question"),
    ],
)
async def test_the_parts_of_a_trial(desk, words, band, intent):
    await desk.says("你好")  # the base is loaded by the first batch
    told = trial.ask(desk.rt, desk.engine, words)
    assert tuple(told) == KEYS
    assert (told["text"], told["band"], told["intent"]) == (words, band, intent)
    assert told["reply"]
    assert bool(told["crisis"]) == (band == "crisis")


async def test_slots_are_plain_values(desk):
    await desk.says("你好")
    assert trial.ask(desk.rt, desk.engine, "选第二个")["slots"] == {"choice": 2}
    ages = trial.ask(desk.rt, desk.engine, "三年级孩子不爱阅读")["slots"]["ages"]
    assert isinstance(ages, list)


def test_a_moment_is_told_as_json():
    assert trial._plain(Moment(days=1, hour=20, minute=0)) == {"days": 1, "hour": 20, "minute": 0}
    assert trial._plain(("p_low",)) == ["p_low"]
    assert trial._plain(3) == 3


async def test_a_trial_stores_nothing(desk):
    await desk.says("你好")
    before = await desk.everything()
    trial.ask(desk.rt, desk.engine, "孩子写作业总是拖拉怎么办")
    trial.ask(desk.rt, desk.engine, "我不想活了")
    assert await desk.everything() == before
