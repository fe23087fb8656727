"""A mass send by a tag of its own: the frozen set and nobody else, whatever dies in between."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.delivery import (
    cuts,
    days,
    erasing,
    leases,
    order,
    sender,
    tag_ends,
    tag_steps,
    tag_sweep,
    tagging,
)
from bot.delivery.order import Content
from bot.delivery.states import Channel, Stage
from bot.dialogue import batch
from bot.people.families import consents
from bot.reach import jobs
from bot.sandbox.faults import Fault
from bot.wechat.mass import MassText
from tests.support import sending, world
from tests.support.waiting import until

TEXT = Content(pull=sending.PULL, mass={"text": "大家好"})
TAGGING = "/cgi-bin/tags/members/batchtagging"
JOB = "/cgi-bin/message/mass/sendall"


@pytest.fixture
async def office(settings, monkeypatch):
    monkeypatch.setitem(cuts.SIZES, Channel.MASS, 10)
    monkeypatch.setitem(days.limits(), "tag_call", 3)
    given = settings.model_copy(update={"mass_lists": 0, "send_concurrency": 2})
    async with sending.opened(given, job_event_delay_s=0, mass_speed_scale=0) as opened:
        yield opened


async def ordered(office, count=25, **changes):
    """Return the openids and the number of a broadcast that runs."""
    openids = await office.people(count)
    number = await office.order(texts=(TEXT,), **changes)
    assert (await office.start(number)).stage in (Stage.WAITING, Stage.RUNNING)
    return openids, number


async def until_job(office, number, owner="w1"):
    """Tag everybody, and stop before the job: its batch is the last and has no rows."""
    while (one := await ready(office, number)) is not None:
        if not await is_job(office, number, one) or not await tag_of(office, number):
            await sender.send_batch(office.rt, number, one, owner)
        else:
            return one
    return None


async def ready(office, number):
    async with office.rt.db.read() as tx:
        found = await tx.run_sync(lambda plain: office._ready(plain, number))
    return found[0] if found else None


async def is_job(office, number, batch):
    (row,) = await office.rows(
        "SELECT role FROM broadcast_batch WHERE broadcast = :b AND number = :n", b=number, n=batch
    )
    return row["role"] == "job"


async def tag_of(office, number):
    (row,) = await office.rows("SELECT tag FROM send_tag WHERE broadcast = :b", b=number)
    return row["tag"]


async def ended(office, number):
    """Let the platform send, ask it, take the tag away, and finish."""
    sent = office.platform.account.mass_jobs
    await until(lambda: all(job.state == "done" for job in sent.values()))
    office.clock.turn(minutes=3)
    office.platform.clock.freeze(office.clock.now().timestamp())
    await jobs.poll_mass(office.rt)
    await office.look()
    await jobs.sweep_tags(office.rt)


async def wish(office, openid, what="reminders_off_at = '2026-11-30 00:00:00'"):
    await office.change(f"UPDATE follower SET {what} WHERE openid = :o", o=openid)


async def reasons(office, number):
    rows = await office.rows("SELECT state, reason FROM delivery WHERE broadcast = :b", b=number)
    return Counter((row["state"], row["reason"]) for row in rows)


def tagged(office):
    return {p.openid for p in office.platform.phones.values() if p.tags}


async def test_exactly_the_frozen_get_it_by_one_job_and_the_tag_goes(office):
    openids, number = await ordered(office)
    strangers = await office.people(5)  # after the freezing
    await office.send(number)
    assert await office.states(number) == {"queued": 25}
    assert tagged(office) == set(openids)
    (job,) = office.platform.account.mass_jobs.values()
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)
    assert not set(office.shown()) & set(strangers)
    assert await office.states(number) == {"sent": 25}
    assert await office.stage(number) == Stage.FINISHED
    assert office.platform.account.tags == {}
    (attempt,) = await office.rows("SELECT key, outcome FROM delivery_attempt")
    assert (attempt["key"], attempt["outcome"]) == (job.client_id, "accepted")
    assert not office.platform.refusals


async def test_few_enough_go_by_lists(settings):
    given = settings.model_copy(update={"mass_lists": 1})
    async with sending.opened(given) as office:
        _, number = await ordered(office, 4)
        assert await office.rows("SELECT tag FROM send_tag") == []
        await office.send(number)
        assert office.platform.account.tags == {}


async def test_a_wish_before_the_job_wins_over_the_tag(office):
    openids, number = await ordered(office)
    assert await until_job(office, number)
    assert await office.states(number) == {"tagged": 25}
    await wish(office, openids[0])
    await wish(office, openids[1], "quiet_until = '2026-12-03 00:00:00'")
    async with office.rt.db.write() as tx:
        said = {"account": world.ACCOUNT, "openid": openids[2], "kind": "events", "version": "1"}
        said |= {"is_given": False, "at": office.clock.now()}
        await tx.execute(insert(consents), [said])
    await office.send(number)
    assert await office.states(number) == {"queued": 22, "opted_out": 3}
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids[3:], 1)
    assert await office.stage(number) == Stage.FINISHED


async def test_a_wish_before_the_tag_is_minded(office):
    openids, number = await ordered(office, 8)
    await wish(office, openids[4])
    await office.send(number)
    assert await office.states(number) == {"queued": 7, "opted_out": 1}
    assert openids[4] not in tagged(office)


async def test_who_has_everything_deleted_loses_the_tag_first(office):
    openids, number = await ordered(office, 12)
    assert await until_job(office, number)

    def forget(tx):
        writes = {}
        erasing.forget(
            lambda statement, row: writes.setdefault(statement, []).append(row),
            (world.ACCOUNT, openids[3]),
            office.clock.now(),
        )
        batch.carry_out(tx, writes)

    await office.rt.db.transact(forget)
    assert len(await office.rows("SELECT openid FROM send_untag")) == 1
    await office.send(number)
    assert openids[3] not in tagged(office)
    assert await reasons(office, number) == {("queued", ""): 11, ("opted_out", "erased"): 1}
    assert await office.rows("SELECT openid FROM send_untag") == []
    await ended(office, number)
    assert office.shown() == {o: 1 for o in openids if o != openids[3]}


async def test_killed_between_tagging_and_its_record_it_is_tagged_again(office):
    openids, number = await ordered(office, 8)
    await sender.send_batch(office.rt, number, await ready(office, number), "w1")  # the tag
    first = await ready(office, number)

    def die(tx):
        lease = leases.take(tx, number, first, "w1", office.clock.now())
        return tagging.claim(office.rt, tx, lease, order.load(tx, number))

    work = await office.rt.db.transact(die)
    gateway = await office.rt.connect()
    await gateway.tag([row.openid for row in work.rows], work.tag)  # it left, nothing is noted
    await wish(office, work.rows[0].openid)
    rest = await sender.send_batch(office.rt, number, first, "w2")
    assert rest.again_at == office.clock.now() + leases.LEASE
    office.clock.turn(seconds=16)
    await office.send(number, "w2")
    assert await office.states(number) == {"queued": 7, "opted_out": 1}
    await ended(office, number)
    assert office.shown() == {o: 1 for o in openids if o != work.rows[0].openid}


@pytest.mark.parametrize("has_left", [True, False])
async def test_killed_with_the_job_claimed_the_same_key_is_sent(office, has_left):
    openids, number = await ordered(office, 8)
    last = await until_job(office, number)

    def die(tx):
        lease = leases.take(tx, number, last, "w1", office.clock.now())
        return tag_steps.claim(office.rt, tx, lease, followers=8)

    step = await office.rt.db.transact(die)
    if has_left:
        gateway = await office.rt.connect()
        await gateway.mass_tag(step.tag.tag, MassText("大家好"), step.key)
        await wish(office, openids[0])  # too late: nobody can say that it has not left
    office.clock.turn(minutes=2)
    office.platform.clock.freeze(office.clock.now().timestamp())
    await office.send(number, "w2")
    assert await office.states(number) == {"queued": 8}
    assert len(office.platform.account.mass_jobs) == 1
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)
    assert await office.stage(number) == Stage.FINISHED


@pytest.mark.parametrize("path", [TAGGING, JOB, "/cgi-bin/tags/create"])
async def test_an_answer_that_is_lost_changes_nothing(office, path):
    openids, number = await ordered(office, 8)
    office.platform.faults.api.append(Fault("drop", path=path))
    for _ in range(8):
        await office.send(number)
        office.clock.turn(seconds=61)
        office.platform.clock.freeze(office.clock.now().timestamp())
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)
    assert await office.states(number) == {"sent": 8}
    assert office.platform.account.tags == {}


async def test_killed_after_the_job_the_rows_are_brought_to_it(office, monkeypatch):
    openids, number = await ordered(office)
    last = await until_job(office, number)
    moved = tag_ends.move
    calls = []

    def dies(*given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return moved(*given)

    monkeypatch.setattr(tag_ends, "move", dies)
    with pytest.raises(KeyboardInterrupt):
        await sender.send_batch(office.rt, number, last, "w1")
    monkeypatch.setattr(tag_ends, "move", moved)
    assert await office.states(number) == {"queued": 10, "tagged": 15}
    office.clock.turn(seconds=16)
    await office.send(number, "w2")
    assert await office.states(number) == {"queued": 25}
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)


async def test_who_cannot_be_tagged_is_refused_and_the_others_get_it(office):
    openids, number = await ordered(office, 60)
    office.platform.config = office.platform.config.changed({"tag_fails": openids[7]})
    office.platform.phones[openids[20]].tags = tuple(range(200, 220))
    gone = office.platform.phones[openids[33]]
    gone.is_following = False
    await office.send(number)
    assert await reasons(office, number) == {
        ("queued", ""): 57, ("refused", "wechat.45171"): 1, ("refused", "wechat.45059"): 1,
        ("refused", "wechat.49003"): 1,
    }  # fmt: skip
    await ended(office, number)
    wanted = [o for n, o in enumerate(openids) if n not in (7, 20, 33)]
    assert office.shown() == dict.fromkeys(wanted, 1)
    assert await office.stage(number) == Stage.FINISHED


async def test_a_follower_who_is_not_ours_in_the_tag_stops_the_job(office):
    _, number = await ordered(office, 8)
    last = await until_job(office, number)
    (stranger,) = await office.people(1)
    office.platform.phones[stranger].tags = (await tag_of(office, number),)
    rest = await sender.send_batch(office.rt, number, last, "w1")
    assert rest.again_at == office.clock.now() + timedelta(seconds=60)
    assert not office.platform.account.mass_jobs
    office.platform.phones[stranger].tags = ()
    office.clock.turn(seconds=61)
    await office.send(number)
    await ended(office, number)
    assert stranger not in office.shown()
    assert await office.states(number) == {"sent": 8}


async def test_a_tag_somebody_deleted_is_made_and_given_anew(office):
    openids, number = await ordered(office, 8)
    await until_job(office, number)
    office.platform.account.tags.clear()
    for phone in office.platform.phones.values():
        phone.tags = ()
    await office.send(number)
    assert await office.stage(number) == Stage.PAUSED
    assert await office.states(number) == {"planned": 8}
    await office.change("UPDATE broadcast SET stage = 'running', round = round + 1")
    await office.send(number)
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)


async def test_a_name_in_use_is_left_alone(office):
    _, number = await ordered(office, 4)
    office.platform.account.tags[100] = f"s{number}"
    (other,) = await office.people(1)
    office.platform.phones[other].tags = (100,)
    await office.send(number)
    assert await office.stage(number) == Stage.PAUSED
    (row,) = await office.rows("SELECT reason FROM broadcast WHERE id = :b", b=number)
    assert row["reason"] == "tag_name"
    assert office.platform.phones[other].tags == (100,)


async def test_a_hundred_tags_stop_it_for_a_person(office):
    openids, number = await ordered(office, 4)
    office.platform.account.tags.update({100 + n: f"t{n}" for n in range(100)})
    await office.send(number)
    (row,) = await office.rows("SELECT stage, reason FROM broadcast WHERE id = :b", b=number)
    assert (row["stage"], row["reason"]) == (Stage.PAUSED, "wechat.45056")
    office.platform.account.tags.pop(100)
    await office.change("UPDATE broadcast SET stage = 'running', round = round + 1")
    await office.send(number)
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)
    assert len(office.platform.account.tags) == 99


async def test_a_tag_with_too_many_is_emptied_before_it_goes(office, monkeypatch):
    openids, number = await ordered(office)
    office.platform.config = office.platform.config.changed({"tag_delete_max": 5})
    monkeypatch.setitem(days.limits(), "tag_fans", 5)
    monkeypatch.setattr(tag_sweep, "_LEAST", 1)
    await office.send(number)
    assert len(tagged(office)) == 25
    await ended(office, number)
    assert office.platform.account.tags == {}
    assert tagged(office) == set()
    assert office.shown() == dict.fromkeys(openids, 1)
    (row,) = await office.rows("SELECT used FROM channel_day WHERE channel = 'untag'")
    assert row["used"] == 7, "20 of 25 by three, in windows of 6, 6, 6 and 2"


async def test_calls_to_tag_that_are_used_up_wait_for_midnight(office, monkeypatch):
    monkeypatch.setitem(days.limits()["a_day"], "tag", 5)
    openids, number = await ordered(office, not_after=office.clock.now() + timedelta(days=3))
    rests = await office.send(number)
    assert await office.states(number) == {"tagged": 13, "planned": 12}, "10 by 4 calls, 3 by 1"
    assert max(rest.again_at for rest in rests if rest) == days.midnight(office.clock.now())
    assert office.shown() == {}
    office.clock.turn(hours=24)
    office.platform.clock.freeze(office.clock.now().timestamp())
    await office.send(number)
    assert await office.states(number) == {"queued": 25}
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)


async def test_calls_to_tag_that_come_too_late_leave_the_rest_on_the_page(office, monkeypatch):
    openids, number = await ordered(office)
    monkeypatch.setitem(days.limits()["a_day"], "tag", 5)
    await office.send(number)
    assert await reasons(office, number) == {("queued", ""): 13, ("kept", "quota"): 12}
    await ended(office, number)
    assert len(office.shown()) == 13
    assert len(openids) == 25


async def test_the_plan_counts_what_a_tag_reaches(office, monkeypatch):
    monkeypatch.setitem(days.limits()["a_day"], "tag", 4)
    await office.people(20)
    number = await office.order(texts=(TEXT,))
    await office.start(number)
    assert await reasons(office, number) == {("planned", ""): 12, ("kept", "quota"): 8}


async def test_a_stop_before_the_job_reaches_nobody_and_takes_the_tag_away(office):
    _, number = await ordered(office)
    await until_job(office, number)
    await office.change("UPDATE broadcast SET stage = 'stopped', reason = 'staff'")
    await office.look()
    await office.look()
    assert await office.states(number) == {"stopped": 25}
    await jobs.sweep_tags(office.rt)
    assert office.platform.account.tags == {}
    assert office.shown() == {}


async def test_what_comes_too_late_is_not_sent(office):
    _, number = await ordered(office)
    await until_job(office, number)
    office.clock.turn(hours=3)
    await office.send(number)
    assert await office.states(number) == {"expired": 25}
    assert await office.stage(number) == Stage.FINISHED
    assert office.shown() == {}


async def test_it_is_tagged_at_night_and_sent_in_the_morning(office):
    openids = await office.people(8)
    office.clock.turn(hours=13)
    number = await office.order(texts=(TEXT,), not_after=office.clock.now() + timedelta(hours=20))
    await office.start(number)
    await office.send(number)
    assert await office.states(number) == {"tagged": 8}
    assert office.shown() == {}
    office.clock.turn(hours=11)
    await wish(office, openids[0])
    await office.send(number)
    assert await office.states(number) == {"queued": 7, "opted_out": 1}


async def test_two_texts_have_two_tags(office):
    openids = await office.people(40)
    other = Content(pull=sending.PULL, mass={"text": "B"})
    number = await office.order(texts=(TEXT, other))
    await office.start(number)
    await office.send(number)
    assert sorted(office.platform.account.tags.values()) == [f"s{number}", f"s{number}b"]
    await ended(office, number)
    assert office.shown() == dict.fromkeys(openids, 1)
    assert office.platform.account.tags == {}
    assert await office.stage(number) == Stage.FINISHED


async def test_a_job_the_platform_refuses_reaches_nobody(office):
    _, number = await ordered(office, 8)
    office.platform.faults.api.append(Fault("error", path=JOB, code=45062))
    await office.send(number)
    assert await reasons(office, number) == {("refused", "wechat.45062"): 8}
    assert await office.stage(number) == Stage.FINISHED
    await jobs.sweep_tags(office.rt)
    assert office.platform.account.tags == {}
