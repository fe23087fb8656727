"""Sessions end by time or by hand, and the database alone opens none."""

import pytest

from bot.people import sessions


async def begins(office, *, full=True):
    async with office.rt.db.write() as tx:
        return await sessions.start(tx, 1, full=full, agent="x" * 300, now=office.clock.now())


async def lives(office, key):
    async with office.rt.db.read() as tx:
        return await sessions.load(tx, key, office.clock.now()) is not None


@pytest.mark.parametrize(("minutes", "alive"), [(29, True), (30, False)])
async def test_an_idle_session_ends_after_half_an_hour(each_office, minutes, alive):
    key = await begins(each_office)
    each_office.clock.turn(minutes=minutes)
    assert await lives(each_office, key) == alive


async def test_a_busy_session_ends_after_twelve_hours(office):
    key = await begins(office)
    for _ in range(12 * 3 - 1):
        office.clock.turn(minutes=20)
        async with office.rt.db.write() as tx:
            session = await sessions.load(tx, key, office.clock.now())
            await sessions.touch(tx, session, office.clock.now())
    office.clock.turn(minutes=19)
    assert await lives(office, key)
    office.clock.turn(minutes=1)
    assert not await lives(office, key)


async def test_a_password_alone_is_worth_ten_minutes(office):
    key = await begins(office, full=False)
    office.clock.turn(minutes=9, seconds=59)
    assert await lives(office, key)
    office.clock.turn(seconds=1)
    assert not await lives(office, key)


async def test_what_the_database_keeps_opens_nothing(office):
    key = await begins(office)
    (row,) = await office.rows("SELECT key, id, csrf, agent FROM staff_session")
    assert key not in (row["key"], row["id"], row["csrf"])
    assert not await lives(office, row["key"])
    assert not await lives(office, row["id"])
    assert len(row["agent"]) == 80


async def test_ending_the_others_leaves_this_one(office):
    mine, other = await begins(office), await begins(office)
    async with office.rt.db.write() as tx:
        session = await sessions.load(tx, mine, office.clock.now())
        await sessions.end_others(tx, session)
    assert await lives(office, mine)
    assert not await lives(office, other)


async def test_only_the_owner_ends_a_session_by_its_number(office):
    key = await begins(office)
    (row,) = await office.rows("SELECT id FROM staff_session")
    async with office.rt.db.write() as tx:
        await sessions.end_by_id(tx, 2, row["id"])
    assert await lives(office, key)
    async with office.rt.db.write() as tx:
        await sessions.end_by_id(tx, 1, row["id"])
    assert not await lives(office, key)


async def test_ended_sessions_are_deleted(each_office):
    await begins(each_office)
    each_office.clock.turn(minutes=31)
    fresh = await begins(each_office)
    async with each_office.rt.db.write() as tx:
        await sessions.forget_old(tx, each_office.clock.now())
    assert len(await each_office.rows("SELECT id FROM staff_session")) == 1
    assert await lives(each_office, fresh)
