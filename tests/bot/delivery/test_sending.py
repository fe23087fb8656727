"""A broadcast from the order to its end: who gets it, once, and what stops it."""

from datetime import timedelta

import pytest

from bot.delivery import brake, fence, freeze, leases, sender
from bot.delivery.order import Content
from bot.delivery.states import Stage
from tests.support import sending


@pytest.fixture
async def office(settings):
    async with sending.opened(settings) as opened:
        yield opened


async def test_everybody_gets_it_once_and_the_sums_agree(office):
    openids = await office.people(120)
    number = await office.order()
    frozen = await office.start(number)
    assert (frozen.stage, frozen.frozen) == (Stage.WAITING, 120)
    assert frozen.digest == freeze.digest_of(openids[::-1])
    await office.send(number)
    assert await office.states(number) == {"sent": 120}
    assert await office.stage(number) == Stage.FINISHED
    assert office.shown() == dict.fromkeys(openids, 1)


async def test_an_order_placed_twice_is_one(office):
    await office.people(3)
    assert await office.order() == await office.order()


async def test_a_wish_wins_over_what_has_not_left(office):
    openids = await office.people(5)
    number = await office.order()
    await office.start(number)
    await office.change("UPDATE follower SET reminders_off_at = '2026-11-30 00:00:00'"
                        " WHERE openid = :o", o=openids[0])  # fmt: skip
    await office.change("UPDATE follower SET follows = false WHERE openid = :o", o=openids[1])
    await office.change("UPDATE follower SET quiet_until = '2026-12-03 00:00:00'"
                        " WHERE openid = :o", o=openids[2])  # fmt: skip
    await office.send(number)
    assert await office.states(number) == {"sent": 2, "opted_out": 3}
    assert set(office.shown()) == set(openids[3:])


async def test_who_never_agreed_is_not_written_to(office):
    await office.people(4, consent="")
    number = await office.order()
    await office.start(number)
    await office.send(number)
    assert await office.states(number) == {"opted_out": 4}
    assert office.shown() == {}


async def test_nothing_leaves_in_quiet_hours_unless_it_is_urgent(office):
    await office.people(2)
    office.clock.turn(hours=13)  # half past nine in the evening
    number = await office.order(not_after=office.clock.now() + timedelta(hours=20))
    await office.start(number)
    (rest,) = await office.send(number)
    assert rest.again_at == sending.MORNING + timedelta(hours=23, minutes=30)
    assert office.shown() == {}
    urgent = await office.order("campaign:2", is_urgent=True)
    await office.start(urgent)
    await office.send(urgent)
    assert await office.states(urgent) == {"sent": 2}


async def test_what_comes_too_late_is_never_sent(office):
    await office.people(3)
    number = await office.order()
    await office.start(number)
    office.clock.turn(hours=3)
    await office.send(number)
    assert await office.states(number) == {"expired": 3}
    assert await office.stage(number) == Stage.FINISHED
    late = await office.order("campaign:2", not_before=office.clock.now() - timedelta(hours=2),
                              not_after=office.clock.now() - timedelta(hours=1))  # fmt: skip
    await office.start(late)
    await office.look()
    assert await office.stage(late) == Stage.EXPIRED
    assert await office.states(late) == {"expired": 3}
    assert office.shown() == {}


async def test_the_brake_stops_everything_until_it_is_released(office):
    await office.people(3)
    number = await office.order()
    await office.start(number)
    async with office.rt.db.write() as tx:
        await brake.pull(tx, office.clock.now(), "Li")
    assert await sender.send_batch(office.rt, number, 1, "w1") == sender.Rest(None)
    assert office.shown() == {}
    async with office.rt.db.write() as tx:
        await brake.release(tx)
    await office.send(number)
    assert await office.states(number) == {"sent": 3}


async def test_a_restored_backup_sends_nothing_by_itself(office):
    await office.people(3)
    number = await office.order()
    await office.start(number)
    office.clock.turn(minutes=1)
    async with office.rt.db.write() as tx:
        await fence.raise_(tx, office.clock.now(), "restored")
    await office.look()
    assert await office.stage(number) == Stage.PAUSED
    async with office.rt.db.write() as tx:
        await fence.lift(tx)
    await office.look()
    assert await office.stage(number) == Stage.PAUSED, "a person lets it go on"


async def test_another_count_than_the_approved_one_is_refused(office):
    await office.people(40)
    number = await office.order(expected=80)
    frozen = await office.start(number)
    assert (frozen.stage, frozen.reason) == (Stage.REFUSED, "count_changed")
    assert await office.states(number) == {"stopped": 40}


async def test_a_dead_senders_rows_are_held_where_the_platform_has_no_key(office):
    openids = await office.people(3)
    number = await office.order()
    await office.start(number)
    await _die_after_claim(office, number)
    rest = await sender.send_batch(office.rt, number, 1, "w2")
    assert rest.again_at == office.clock.now() + leases.LEASE
    office.clock.turn(seconds=16)
    await office.send(number, "w2")
    assert await office.states(number) == {"held": 3}
    assert office.shown() == {}
    assert len(openids) == 3


async def test_a_dead_senders_rows_are_sent_again_where_it_has_one(office):
    await office.people(3)
    number = await office.order(texts=(_mass(),))
    await office.start(number)
    await _die_after_claim(office, number)
    office.clock.turn(seconds=16)
    await office.send(number, "w2")
    assert await office.states(number) == {"queued": 3}


async def test_a_sender_that_lost_its_lease_writes_nothing_more(office):
    await office.people(2)
    number = await office.order()
    await office.start(number)
    lease = await _die_after_claim(office, number)
    office.clock.turn(seconds=16)
    taken = await office.rt.db.transact(
        lambda tx: leases.take(tx, number, 1, "w2", office.clock.now())
    )
    assert taken.token == lease.token + 1
    assert not await office.rt.db.transact(lambda tx: leases.keep(tx, lease, office.clock.now()))


async def test_the_canary_goes_first_and_stops_the_rest_when_it_is_refused(office):
    await office.people(120)
    number = await office.order(canary=50)
    for phone in list(office.platform.phones.values()):
        phone.window.close()
    await office.start(number)
    await office.send(number)
    assert await office.states(number) == {"refused": 50, "planned": 70}
    assert await office.stage(number) == Stage.PAUSED
    (found,) = await office.rows("SELECT reason FROM broadcast WHERE id = :b", b=number)
    assert found["reason"] == "refusals"


async def test_two_texts_are_split_by_chance_and_stay_split(office):
    await office.people(80)
    other = Content(pull=sending.PULL, custom={"text": "B"})
    number = await office.order(texts=(sending.TEXT, other))
    await office.start(number)
    await office.send(number)
    rows = await office.rows("SELECT variant, count(*) AS n FROM delivery GROUP BY variant")
    by = {row["variant"]: row["n"] for row in rows}
    assert sum(by.values()) == 80
    assert min(by.values()) > 20
    shown = [p.log[0].bubble["content"] for p in office.platform.phones.values() if p.log]
    assert shown.count("B") == by[1]


async def _die_after_claim(office, number):
    """Take the batch and claim its rows as a sender that is killed before anything is reported."""
    from bot.delivery import claims, order

    def work(tx):
        lease = leases.take(tx, number, 1, "w1", office.clock.now())
        assert claims.claim(office.rt, tx, lease, order.load(tx, number)).claims
        return lease

    return await office.rt.db.transact(work)


def _mass():
    return Content(pull=sending.PULL, mass={"text": "大家好"})
