"""Records go after their days, and not before."""

from bot.answers import jobs


async def test_records_past_their_days_are_deleted(each_desk):
    desk = each_desk
    await desk.says("孩子写作业总是拖拉怎么办")
    desk.clock.turn(days=89)
    await desk.says("孩子沉迷游戏怎么办")
    assert await jobs.forget_old(desk.rt) == 0
    desk.clock.turn(days=2)
    assert await jobs.forget_old(desk.rt) == 1
    kept = await desk.rows("SELECT text FROM decision")
    assert [r["text"] for r in kept] == ["孩子沉迷游戏怎么办"]
    assert await jobs.forget_old(desk.rt) == 0
