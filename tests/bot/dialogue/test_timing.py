"""How long parents waited is counted by bound, added up over saves, and kept when a save fails."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from bot import app
from bot.dialogue.tables import latency
from bot.dialogue.timing import BOUNDS_MS, Timing, percentile
from bot.errors import StoreAway
from tests.support import world


async def kept(desk):
    rows = await desk.rows("SELECT within_ms, count FROM latency ORDER BY within_ms")
    return {r["within_ms"]: r["count"] for r in rows}


async def test_answers_are_counted_by_the_least_bound_they_kept(each_desk):
    timing = Timing()
    for seconds in (0.004, 0.005, 0.0051, 0.9, 4.5, 4.6, 30):
        timing.note(seconds)
    await timing.save(each_desk.rt)
    assert await kept(each_desk) == {5: 2, 10: 1, 1000: 1, 4500: 1, 0: 2}


async def test_several_saves_of_several_processes_add_up(each_desk):
    one, other = Timing(), Timing()
    for timing in (one, other, one):
        timing.note(0.015)
        await timing.save(each_desk.rt)
    await one.save(each_desk.rt)
    assert await kept(each_desk) == {20: 3}


async def test_a_save_that_fails_loses_nothing(desk):
    timing, works = Timing(), desk.rt.db
    timing.note(0.015)
    async with works.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE latency RENAME TO away")
    with pytest.raises(StoreAway):
        await timing.save(desk.rt)
    async with works.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE away RENAME TO latency")
    await timing.save(desk.rt)
    assert await kept(desk) == {20: 1}


async def test_a_service_keeps_what_it_counted_when_it_ends(sqlite_settings):
    async with world.City.open(sqlite_settings) as town:
        parent = town.parent()
        await parent.follows()
        await parent.says("孩子沉迷游戏怎么办")
        given = town.settings
    async with app.opened(given) as rt, rt.db.read() as tx:
        assert await tx.scalar(select(func.sum(latency.c.count))) == 2


def test_percentiles_are_bounds():
    counts = Counter({5: 50, 20: 45, 500: 4, 0: 1})
    assert [percentile(counts, share) for share in (0.5, 0.95, 0.99, 1.0)] == [5, 20, 500, None]
    assert tuple(sorted(BOUNDS_MS)) == BOUNDS_MS
