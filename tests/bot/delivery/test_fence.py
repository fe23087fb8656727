"""The send fence: one row that stands until it is lifted."""

from datetime import timedelta

from bot.delivery import fence


async def test_a_fence_stands_until_it_is_lifted(each_desk):
    db, at = each_desk.rt.db, each_desk.clock.now()
    async with db.write() as tx:
        assert await fence.is_up(tx) is None
        await fence.raise_(tx, at, "restored")
        assert await fence.is_up(tx) == fence.Fence(at, "restored")
        assert await fence.lift(tx) == fence.Fence(at, "restored")
        assert await fence.is_up(tx) is None
        assert await fence.lift(tx) is None


async def test_a_second_restore_moves_it(each_desk):
    at = each_desk.clock.now()
    async with each_desk.rt.db.write() as tx:
        await fence.raise_(tx, at, "backup")
        await fence.raise_(tx, at + timedelta(hours=1), "restored")
    assert len(await each_desk.rows("SELECT * FROM fence")) == 1
    async with each_desk.rt.db.read() as tx:
        assert await fence.is_up(tx) == fence.Fence(at + timedelta(hours=1), "restored")
