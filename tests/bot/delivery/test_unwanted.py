"""What a parent has done between the order and the send is not sent any more, and is no failure."""

import pytest

from bot.delivery import reasons
from tests.support import sending


@pytest.fixture
async def office(settings):
    async with sending.opened(settings) as opened:
        yield opened


@pytest.fixture
def done(office):
    """Those for whom nothing is wanted; and each question that was asked."""
    found, asked = set(), []

    def unwanted(rt, tx, order, openids, now):
        asked.append((order.about, sorted(openids)))
        return found & set(openids)

    office.rt.unwanted = {"task": unwanted}
    return found, asked


async def test_who_did_it_before_the_freezing_is_not_planned(office, done):
    openids = await office.people(3)
    done[0].add(openids[0])
    number = await office.order("task:1", kind="reminder")
    await office.start(number)
    await office.send(number)
    assert await office.states(number) == {"sent": 2, "opted_out": 1}
    assert office.shown() == dict.fromkeys(openids[1:], 1)
    (row,) = await office.rows("SELECT openid, reason FROM delivery WHERE state = 'opted_out'")
    assert dict(row) == {"openid": openids[0], "reason": "done_already"}


async def test_who_did_it_after_the_freezing_is_found_at_the_claim(office, done):
    openids = await office.people(3)
    number = await office.order("task:1")
    await office.start(number)
    done[0].update(openids[:2])
    await office.send(number)
    assert await office.states(number) == {"sent": 1, "opted_out": 2}
    assert await office.stage(number) == "finished"
    assert office.shown() == {openids[2]: 1}


async def test_a_wish_is_told_before_what_was_done(office, done):
    openids = await office.people(2)
    await office.change("UPDATE follower SET reminders_off_at = '2026-11-30 00:00:00'"
                        " WHERE openid = :o", o=openids[0])  # fmt: skip
    done[0].update(openids)
    number = await office.order("task:1")
    await office.start(number)
    rows = await office.rows("SELECT openid, reason FROM delivery")
    assert {row["openid"]: row["reason"] for row in rows} == {
        openids[0]: "unsubscribed",
        openids[1]: "done_already",
    }
    assert done[1] == [("task:1", [openids[1]])]


async def test_other_orders_are_not_asked_about(office, done):
    openids = await office.people(2)
    done[0].update(openids)
    number = await office.order("campaign:9")
    await office.start(number)
    await office.send(number)
    assert await office.states(number) == {"sent": 2}
    assert done[1] == []


async def test_the_reason_has_a_sentence(office):
    assert reasons.of(office.rt, "done_already").text == "家长已经自己做完了，不用再提醒"
