"""Failed logins make the next one wait: longer each time, never for ever, and only there."""

import asyncio

from bot.people import throttle

HERE, THERE = throttle.keys("chen", "10.0.0.1"), throttle.keys("liu", "10.0.0.1")
ELSEWHERE = throttle.keys("chen", "10.0.0.2")


async def tries(office, counted):
    async with office.rt.db.write() as tx:
        return await throttle.begin(tx, counted, office.clock.now())


async def test_five_tries_cost_nothing_then_each_wait_is_twice_as_long(each_office):
    office = each_office
    assert [await tries(office, HERE) for _ in range(5)] == [0.0] * 5
    waits = []
    for _ in range(6):
        waits.append(await tries(office, HERE))
        office.clock.turn(seconds=waits[-1])
        assert await tries(office, HERE) == 0.0
    assert waits == [5, 10, 20, 40, 60, 60]


async def test_a_try_during_the_wait_neither_counts_nor_lengthens_it(office):
    for _ in range(5):
        await tries(office, HERE)
    waits = set()
    for _ in range(9):
        waits.add(await tries(office, HERE))
    assert waits == {5.0}


async def test_the_account_waits_from_every_address_and_others_do_not(office):
    for _ in range(5):
        await tries(office, HERE)
    assert await tries(office, ELSEWHERE) > 0
    assert await tries(office, THERE) == 0.0


async def test_an_address_that_tries_many_accounts_waits(office):
    for n in range(20):
        assert await tries(office, throttle.keys(f"user{n}", "10.0.0.9")) == 0.0
    assert await tries(office, throttle.keys("one more", "10.0.0.9")) == 5.0


async def test_a_hundred_tries_at_once_are_a_hundred_tries(each_office):
    office = each_office
    waits = await asyncio.gather(*(tries(office, HERE) for _ in range(30)))
    assert sum(w == 0.0 for w in waits) == 5


async def test_success_forgets_the_account_and_takes_back_the_try_of_the_address(office):
    for _ in range(3):
        await tries(office, HERE)
    async with office.rt.db.write() as tx:
        await throttle.succeeded(tx, HERE)
    rows = await office.rows("SELECT key, tries FROM login_failure")
    assert [(r["key"][:2], r["tries"]) for r in rows] == [("ad", 2)]


async def test_a_day_later_all_is_forgotten(office):
    for _ in range(5):
        await tries(office, HERE)
    office.clock.turn(days=1, seconds=1)
    assert [await tries(office, HERE) for _ in range(5)] == [0.0] * 5
    office.clock.turn(days=1, seconds=1)
    async with office.rt.db.write() as tx:
        await throttle.forget_old(tx, office.clock.now())
    assert await office.rows("SELECT key FROM login_failure") == []


def test_the_keys_hold_neither_login_nor_address():
    assert all("chen" not in key and "10.0" not in key for key in HERE)
    assert throttle.keys(" Chen ", "10.0.0.1") == HERE
