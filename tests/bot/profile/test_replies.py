"""Short talk, reminders off, and one's own data: gone when a parent says so."""

import pytest

from bot.profile import replies
from bot.wechat import events


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("你好", "greeting"),
        ("唔该", "thanks"),
        ("菜单", "help"),
        ("你个废物机器人", "abuse"),
    ],
)
async def test_short_talk_has_its_text(desk, words, intent):
    assert intent in replies.PLAIN
    assert await desk.says(words) == desk.rt.say(intent)


async def test_deletion_asks_first_and_then_erases_every_word(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "", ""))
    await desk.says("孩子写作业总是拖拉怎么办，他叫小明")
    await desk.says("有用")
    await desk.says("孩子说不想活了")
    await desk.says("3")
    assert await desk.says("删除我的资料") == desk.rt.say("delete_me")
    assert "小明" in await desk.everything()
    assert await desk.says("确认删除") == desk.rt.say("delete_me", "done")
    left = await desk.everything()
    assert "小明" not in left
    assert "拖拉" not in left
    assert "不想活" not in left
    assert await desk.rows("SELECT 1 FROM decision") == []
    assert await desk.rows("SELECT 1 FROM conversation") == []
    assert await desk.says("有用") == desk.rt.say("feedback_helpful", "nothing_to_rate")


@pytest.mark.parametrize("confirmed", ["确认删除", " 确认删除。", "「确认删除」", "確認刪除"])
async def test_the_confirmation_is_read_as_people_write_it(desk, confirmed):
    await desk.says("删除我的资料")
    assert await desk.says(confirmed) == desk.rt.say("delete_me", "done")


async def test_another_message_lets_the_deletion_go(desk):
    await desk.says("孩子写作业总是拖拉怎么办")
    await desk.says("删除我的资料")
    assert await desk.says("谢谢") == desk.rt.say("thanks")
    assert await desk.says("确认删除") != desk.rt.say("delete_me", "done")
    assert len(await desk.rows("SELECT 1 FROM decision")) >= 1


async def test_a_confirmation_after_ten_minutes_deletes_nothing(desk):
    await desk.says("孩子写作业总是拖拉怎么办")
    await desk.says("删除我的资料")
    desk.clock.turn(minutes=10, seconds=1)
    assert await desk.says("确认删除") != desk.rt.say("delete_me", "done")
    assert len(await desk.rows("SELECT 1 FROM decision WHERE entry IS NOT NULL")) >= 1


async def test_a_confirmation_without_a_wish_deletes_nothing(desk):
    await desk.says("孩子写作业总是拖拉怎么办")
    await desk.says("确认删除")
    assert len(await desk.rows("SELECT 1 FROM decision WHERE entry IS NOT NULL")) == 1


async def test_a_repeat_of_the_confirmation_gets_the_same_answer(desk):
    await desk.says("删除我的资料")
    confirmed = desk.words("确认删除")
    first = await desk.gets(confirmed)
    assert await desk.gets(confirmed) == first
