"""Messages go after their hours, conversations after a month, and who left after both."""

from bot.profile import jobs
from bot.wechat import events
from tests.support.desk import FATHER


async def test_messages_past_their_hours_are_deleted(each_desk):
    desk = each_desk
    await desk.says("第一句")
    desk.clock.turn(hours=47)
    await desk.says("第二句")
    assert await jobs.forget_old(desk.rt) == 0
    desk.clock.turn(hours=1, minutes=1)
    assert await jobs.forget_old(desk.rt) == 1
    assert [r["content"] for r in await desk.rows("SELECT content FROM inbox")] == ["第二句"]


async def test_a_conversation_left_alone_goes_after_a_month(each_desk):
    desk = each_desk
    await desk.says("孩子写作业总是拖拉怎么办")
    desk.clock.turn(days=29)
    await desk.says("孩子写作业总是拖拉怎么办", who=FATHER)
    desk.clock.turn(days=2)
    await jobs.forget_old(desk.rt)
    assert [r["openid"] for r in await desk.rows("SELECT openid FROM conversation")] == [FATHER]


async def test_who_left_is_forgotten_and_who_follows_is_not(each_desk):
    desk = each_desk
    await desk.gets(
        desk.event(events.Unsubscribe), desk.event(events.Subscribe, "", "", who=FATHER)
    )
    desk.clock.turn(hours=47)
    await jobs.forget_old(desk.rt)
    assert len(await desk.rows("SELECT openid FROM follower")) == 2
    desk.clock.turn(hours=2)
    await jobs.forget_old(desk.rt)
    assert [r["openid"] for r in await desk.rows("SELECT openid FROM follower")] == [FATHER]
