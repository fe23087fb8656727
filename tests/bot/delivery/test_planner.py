"""The plan: the cheapest channel that will reach each parent, and no call that could not."""

import asyncio
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import order, preview, spread
from bot.delivery.states import Channel
from tests.support import reaching, sending, world
from tests.support.reaching import Means
from tests.support.waiting import until

DAY = 86_400
OPEN = Means(left=3, seconds=DAY)
NOTICED = Means(notices=1)
#: Everything a parent can have, and what is planned then.
TABLE = [
    (Means(), "mass", ""),
    (OPEN, "custom", ""),
    (Means(left=1, seconds=60), "mass", ""),  # too short to be sure of
    (Means(left=0, seconds=DAY), "mass", ""),
    (NOTICED, "notice", ""),
    (Means(notices=0), "mass", ""),
    (Means(left=3, seconds=DAY, notices=2), "custom", ""),
    (Means(massed=3), "mass", ""),
    (Means(massed=4), "pull", "mass_month"),
    (Means(massed=4, notices=1), "notice", ""),
    (Means(off=True, left=3, seconds=DAY), "pull", "unsubscribed"),
    (Means(follows=False), None, ""),  # not in the audience
]


@pytest.fixture
async def office(settings):
    async with sending.opened(settings) as opened:
        yield opened


async def looked(office, number):
    async with office.rt.db.read() as tx:
        return await tx.run_sync(partial(_look, office, number))


def _look(office, number, tx):
    return preview.preview(office.rt, tx, order.load(tx, number))


async def counted(office, number):
    rows = await office.rows("SELECT channel, reason FROM delivery WHERE broadcast = :b", b=number)
    return Counter(r["channel"] for r in rows), Counter(
        r["reason"] for r in rows if r["channel"] == "pull"
    )


async def test_each_parent_gets_the_cheapest_channel(office):
    openids = await reaching.add(office, [means for means, _, _ in TABLE])
    number = await office.order(texts=(reaching.EVERYWHERE,))
    await office.start(number)
    rows = await office.rows(
        "SELECT openid, channel, reason FROM delivery WHERE broadcast = :b", b=number
    )
    planned = {row["openid"]: (row["channel"], row["reason"]) for row in rows}
    for openid, (means, channel, reason) in zip(openids, TABLE, strict=True):
        assert planned.get(openid) == ((channel, reason) if channel else None), means


async def test_the_preview_is_what_the_freezing_does(office):
    await reaching.add(office, [means for means, _, _ in TABLE] * 3)
    number = await office.order(texts=(reaching.EVERYWHERE,))
    seen = await looked(office, number)
    await office.start(number)
    channels, reasons = await counted(office, number)
    assert seen.by_channel == channels
    assert seen.unreachable == reasons == {"mass_month": 3, "unsubscribed": 3}
    assert seen.total == sum(channels.values()) == 33
    assert not seen.is_estimate
    assert (seen.uses_mass, seen.mass_left_after) == (True, 0)
    assert seen.failed[Channel.CUSTOM] == {"window_none": 18, "window_over": 3, "window_used": 3}
    assert seen.failed[Channel.NOTICE]["notice_used"] == 3
    assert seen.failed[Channel.TEMPLATE] == {"template_off": 30}
    assert {one.reason.key: one.count for one in seen.remedies} == reasons
    assert all(one.reason.text and one.reason.remedy for one in seen.remedies)


async def test_a_channel_that_staff_exclude_is_planned_without(office):
    await reaching.add(office, [OPEN, NOTICED, Means()])
    without = frozenset((Channel.MASS, Channel.NOTICE))
    number = await office.order(texts=(reaching.EVERYWHERE,), excluded=without)
    seen = await looked(office, number)
    assert seen.by_channel == {"custom": 1, "pull": 2}
    assert seen.failed[Channel.MASS] == {"excluded": 3}
    assert seen.unreachable == {"window_none": 2}
    assert seen.mass_left_after is None


async def test_a_days_quota_goes_to_the_next_channel(office):
    await reaching.add(office, [OPEN] * 4)
    await office.change(
        "INSERT INTO channel_day (account, day, channel, used)"
        " VALUES (:a, '2026-11-30', 'custom', 499998)",
        a=world.ACCOUNT,
    )
    number = await office.order(texts=(reaching.EVERYWHERE,))
    assert (await looked(office, number)).by_channel == {"custom": 2, "mass": 2}
    await office.start(number)
    assert (await counted(office, number))[0] == {"custom": 2, "mass": 2}


async def test_what_was_used_since_the_plan_goes_on_without_a_call(office):
    openids = await reaching.add(office, [OPEN, Means(left=1, seconds=DAY, notices=1), NOTICED])
    number = await office.order(texts=(reaching.EVERYWHERE,), excluded=frozenset((Channel.MASS,)))
    await office.start(number)
    await office.change("UPDATE reach SET window_left = 0")
    await office.change(
        "UPDATE notice_acceptance SET \"left\" = 0, refused_at = '2026-11-30 00:00:00'"
        " WHERE openid = :o",
        o=openids[2],
    )
    await office.send(number)
    rows = await office.rows("SELECT openid, channel, state, reason FROM delivery")
    found = {row["openid"]: (row["channel"], row["state"], row["reason"]) for row in rows}
    assert found == {
        openids[0]: ("custom", "kept", "window_used"),
        openids[1]: ("notice", "sent", ""),
        openids[2]: ("notice", "kept", "notice_off"),
    }
    assert not office.platform.refusals


async def test_two_broadcasts_do_not_use_one_acceptance_twice(office):
    await reaching.add(office, [NOTICED, Means(left=1, seconds=DAY)])
    less = {"texts": (reaching.EVERYWHERE,), "excluded": frozenset((Channel.MASS,))}
    numbers = [await office.order(f"campaign:{n}", **less) for n in (1, 2)]
    for number in numbers:
        await office.start(number)
    for number in numbers:
        await office.send(number)
    assert await office.states(numbers[0]) == {"sent": 2}
    assert await office.states(numbers[1]) == {"kept": 2}
    assert not office.platform.refusals


parents = st.builds(
    Means,
    left=st.sampled_from([None, 0, 1, 5]),
    seconds=st.sampled_from([0, 30, 700, 2 * DAY]),
    notices=st.sampled_from([None, 0, 1, 3]),
    massed=st.integers(0, 4),
    follows=st.sampled_from([True, True, True, False]),
    off=st.sampled_from([False, False, False, True]),
)


@given(
    people=st.lists(parents, min_size=2, max_size=40),
    excluded=st.frozensets(st.sampled_from([Channel.CUSTOM, Channel.NOTICE, Channel.MASS])),
    broadcasts=st.integers(1, 3),
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_call_is_refused_for_a_reason_that_could_be_foreseen(people, excluded, broadcasts):
    with tempfile.TemporaryDirectory() as folder:
        given = world.settings(Path(folder), f"sqlite:///{folder}/bot.db")
        asyncio.run(_run(given, people, excluded, broadcasts))


async def test_no_call_is_refused_on_either_database(office):
    every = [means for means, _, _ in TABLE] * 5
    await _sent(office, every, frozenset(), 3)


async def _run(given, people, excluded, broadcasts):
    async with sending.opened(given, job_event_delay_s=0) as office:
        await _sent(office, people, excluded, broadcasts)


async def _sent(office, people, excluded, broadcasts):
    await reaching.add(office, people)
    audience = sum(one.follows for one in people)
    orders = {"texts": (reaching.EVERYWHERE,), "excluded": excluded}
    numbers = [await office.order(f"campaign:{n}", **orders) for n in range(broadcasts)]
    for number in numbers:
        seen = await looked(office, number)
        await office.start(number)
        channels, reasons = await counted(office, number)
        assert seen.by_channel == channels
        assert seen.unreachable == reasons
        assert seen.total == sum(channels.values()) == audience
    for number in numbers:
        await office.send(number)
        assert sum((await office.states(number)).values()) == audience
    assert not office.platform.refusals
    jobs = office.platform.account.mass_jobs.values()
    await until(lambda: all(job.status != "SENDING" for job in jobs))
    assert sum(job.filtered for job in jobs) == 0


async def test_a_large_audience_is_estimated_and_says_so(office, monkeypatch):
    monkeypatch.setattr(preview, "EXACT", 10)
    monkeypatch.setattr(preview, "_PAGES", 6)
    monkeypatch.setattr(preview, "_PAGE", 4)
    await reaching.add(office, [OPEN, Means(massed=4)] * 30)
    seen = await looked(office, await office.order(texts=(reaching.EVERYWHERE,)))
    assert seen.is_estimate
    assert 0 < seen.planned < seen.total == sum(seen.by_channel.values()) == 60
    assert sum(seen.unreachable.values()) == seen.by_channel.get(Channel.PULL, 0)


@given(counts=st.dictionaries(st.integers(), st.integers(0, 50)), total=st.integers(0, 10**7))
@settings(deadline=None)
def test_a_samples_figures_add_up_to_the_total(counts, total):
    found = spread.scaled(counts, total)
    assert sum(found.values()) == (total if sum(counts.values()) else 0)
    assert all(count >= 0 for count in found.values())


async def test_a_mass_job_whose_first_parent_has_left_is_sent_to_the_others(office):
    openids = sorted(await reaching.add(office, [Means()] * 3))
    number = await office.order(texts=(reaching.EVERYWHERE,))
    await office.start(number)
    await office.change("UPDATE follower SET follows = false WHERE openid = :o", o=openids[0])
    await office.send(number)
    assert await office.states(number) == {"opted_out": 1, "queued": 2}
    (attempt,) = await office.rows("SELECT outcome FROM delivery_attempt")
    assert attempt["outcome"] == "accepted"
