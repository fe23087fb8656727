"""Home visits: chosen without conflict, reminded of, recorded for two people's eyes, counted."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.delivery.ledger_tables import broadcasts
from bot.errors import InvalidInput, NotFound
from bot.people.audience import Audience, in_one_pass
from bot.people.families import guardians
from bot.people.followers import followers
from bot.people.look_tables import looks
from bot.teaching import booking, leaving, rates, records, reminding, slots
from bot.teaching.tables import slots as slot_rows
from bot.teaching.tables import visits
from tests.support import teaching, world
from tests.support.office import CLASS
from tests.support.places import OTHER_CLASS, SCHOOL
from tests.support.teaching import COLLEAGUE, DISTRICT, HEAD, TEACHER, at, book, offer

SAID = {"good": "", "talked": "作业时间", "family": "六点半开始", "school": "留作业条", "next": ""}


def parent(n=0, unit=CLASS):
    return world.ACCOUNT, teaching.openid(unit, n)


async def refused(rt, person, slot):
    with pytest.raises(InvalidInput) as why:
        await book(rt, person, slot)
    return str(why.value)


async def recorded(rt, n=0, actor=TEACHER, **more):
    """A visit that has taken place and is recorded; returns slot and visit."""
    (slot,) = await offer(rt, actor=actor, count=1, **more)
    await book(rt, parent(n, more.get("unit", CLASS)), slot)
    rt.clock.turn(days=3)
    async with rt.db.write() as tx:
        await records.write(rt, tx, actor, slot.id, SAID)
        return slot, (await slots.own(tx, actor, slot.id)).visit


async def test_slots_lie_behind_each_other_and_never_overlap(each_staffroom):
    rt = each_staffroom.rt
    found = await offer(rt, count=10)
    assert len(found) == 10
    assert found[1].starts_at - found[0].starts_at == timedelta(minutes=25)
    for starts in ("2026-11-26 15:45", "2026-11-26 15:20"):
        with pytest.raises(InvalidInput, match="overlaps"):
            await offer(rt, starts=starts, count=1)
    with pytest.raises(InvalidInput, match="past"):
        await offer(rt, starts="2026-11-20 15:00")
    assert len(await offer(rt, actor=COLLEAGUE, unit=OTHER_CLASS)) == 3


async def test_of_many_who_take_one_slot_at_once_one_gets_it(each_staffroom):
    rt = each_staffroom.rt
    slot, *_ = await offer(rt)
    tried = await asyncio.gather(
        *(book(rt, parent(n), slot) for n in range(8)), return_exceptions=True
    )
    assert sum(isinstance(one, str) for one in tried) == 1
    assert {str(one) for one in tried if not isinstance(one, str)} == {"gone"}
    assert len(await teaching.rows(rt, visits)) == 1


async def test_one_parent_who_takes_many_slots_at_once_has_one(each_staffroom):
    rt = each_staffroom.rt
    found = await offer(rt, count=6)
    tried = await asyncio.gather(
        *(book(rt, parent(), slot) for slot in found), return_exceptions=True
    )
    assert sum(isinstance(one, str) for one in tried) == 1
    assert {str(one) for one in tried if not isinstance(one, str)} == {"have"}


async def test_only_a_class_of_ones_own_child_and_only_what_is_to_come(staffroom):
    rt = staffroom.rt
    first, *_ = await offer(rt)
    assert await refused(rt, parent(unit=OTHER_CLASS), first) == "gone"
    rt.clock.turn(days=5)
    assert await refused(rt, parent(), first) == "gone"


async def test_a_slot_given_back_is_free_again(each_staffroom):
    rt = each_staffroom.rt
    slot, *_ = await offer(rt)
    code = await book(rt, parent(), slot)
    assert await refused(rt, parent(1), slot) == "gone"
    async with rt.db.write() as tx:
        assert not await booking.cancel(tx, parent(1), code)  # somebody else's
        assert await booking.cancel(tx, parent(), code)
    assert await book(rt, parent(1), slot)


async def test_a_teacher_takes_back_what_a_parent_may_just_take(each_staffroom):
    rt = each_staffroom.rt
    found = await offer(rt, count=4)

    async def off(slot):
        async with rt.db.write() as tx:
            return await slots.call_off(rt, tx, TEACHER, slot.id)

    await asyncio.gather(
        *(off(s) for s in found), *(book(rt, parent(n), s) for n, s in enumerate(found)),
        return_exceptions=True,
    )  # fmt: skip
    states = {row["slot"]: row["state"] for row in await teaching.rows(rt, visits)}
    assert all(row["state"] == "off" for row in await teaching.rows(rt, slot_rows))
    assert set(states.values()) <= {"off"}  # nobody is left with a visit that is none


async def follow(rt, *people):
    now = rt.clock.now()
    async with rt.db.write() as tx:
        for account, openid in people:
            who = {"account": account, "openid": openid}
            await tx.execute(insert(followers).values(**who, follows=True, changed_s=1))
            told = {"role": "mother", "is_elder": False, "added_at": now, "changed_at": now}
            await tx.execute(insert(guardians).values(**who, **told))


async def reached(rt, order):
    audience = Audience(features=order["audience"]["features"])
    wanted = in_one_pass(audience, world.ACCOUNT, rt.clock.now().date(), rt.audiences)
    async with rt.db.read() as tx:
        return [row.openid for row in await tx.execute(wanted)]


async def orders(rt):
    import json

    found = await teaching.rows(rt, broadcasts)
    return [dict(row) | {"audience": json.loads(row["audience"])} for row in found]


async def test_a_visit_is_reminded_of_once_the_day_before(each_staffroom):
    rt = each_staffroom.rt
    slot, other, *_ = await offer(rt)
    await follow(rt, parent(), parent(1))
    await book(rt, parent(), slot)
    assert await reminding.remind(rt) == 0  # two days before
    rt.clock.turn(hours=(slot.starts_at - rt.clock.now()) / timedelta(hours=1) - 24)
    await book(rt, parent(1), other, called="小王")
    assert await reminding.remind(rt) == 1
    assert await reminding.remind(rt) == 0
    (made,) = await orders(rt)
    assert made["not_before"] == slot.starts_at - timedelta(days=1)
    assert "11.26 15:30" in made["content"]
    assert "小李" not in made["content"]
    assert await reached(rt, made) == [parent()[1]]
    (code,) = await teaching.codes(rt, parent())
    async with rt.db.write() as tx:
        await booking.cancel(tx, parent(), code)
    assert await reached(rt, made) == []  # whoever gave it back is not reminded


async def test_who_chose_on_the_last_day_is_not_reminded(staffroom):
    rt = staffroom.rt
    slot, *_ = await offer(rt, starts="2026-11-24 16:00")
    await book(rt, parent(), slot)
    await reminding.remind(rt)
    assert await orders(rt) == []


async def test_a_parent_is_told_that_the_teacher_called_it_off(each_staffroom):
    rt, browser = each_staffroom.rt, await each_staffroom.staff("lin", ("teacher", CLASS, ""))
    slot, other, *_ = await offer(rt, actor=await browser.actor())
    await follow(rt, parent())
    await book(rt, parent(), slot)
    for one, told in ((slot, "会通知已选的家长"), (other, "时段已收回")):
        page = await browser.follow(await browser.post(f"/visit-slots/{one.id}/off"))
        assert told in page.text
    (made,) = await orders(rt)
    assert "取消" in made["content"]
    assert await reached(rt, made) == [parent()[1]]
    async with rt.db.write() as tx:
        since, actor = at("2026-11-24 00:00"), await browser.actor()
        left = await slots.listed(tx, actor, CLASS, since, rt.clock.now())
    assert len(left) == 1


async def test_a_record_is_sealed_and_read_by_two_alone(each_staffroom):
    rt = each_staffroom.rt
    _, number = await recorded(rt)
    (row,) = await teaching.rows(rt, visits)
    assert "作业".encode() not in row["record"]
    assert "小李".encode() not in row["called"]
    for actor in (TEACHER, HEAD):
        async with rt.db.write() as tx:
            assert (await records.read(rt, tx, actor, number))[1] == SAID
    for actor in (COLLEAGUE, DISTRICT):
        async with rt.db.write() as tx:
            with pytest.raises(NotFound):
                await records.read(rt, tx, actor, number)
        async with rt.db.read() as tx:
            assert await records.listed(tx, actor) == []
    seen = [(row["staff"], row["role"]) for row in await teaching.rows(rt, looks)]
    assert seen == [(TEACHER.id, "teacher"), (HEAD.id, "school_lead")]


async def test_a_teacher_who_left_the_class_reads_no_more(staffroom):
    rt = staffroom.rt
    _, number = await recorded(rt)
    moved = type(TEACHER)(TEACHER.id, "lin", "林老师", COLLEAGUE.grants)
    async with rt.db.write() as tx:
        with pytest.raises(NotFound):
            await records.read(rt, tx, moved, number)


async def test_nothing_is_recorded_before_it_begins_or_of_nobody(staffroom):
    rt = staffroom.rt
    slot, free, *_ = await offer(rt)
    await book(rt, parent(), slot)
    async with rt.db.write() as tx:
        with pytest.raises(InvalidInput, match="not_yet"):
            await records.write(rt, tx, TEACHER, slot.id, SAID)
        with pytest.raises(NotFound):
            await records.write(rt, tx, TEACHER, free.id, SAID)
        with pytest.raises(NotFound):
            await records.write(rt, tx, HEAD, slot.id, SAID)


async def test_what_did_not_come_about_can_be_chosen_anew(staffroom):
    rt = staffroom.rt
    slot, *_ = await offer(rt)
    await book(rt, parent(), slot)
    rt.clock.turn(days=3)
    async with rt.db.write() as tx:
        await records.missed(rt, tx, TEACHER, slot.id)
    again, *_ = await offer(rt, starts="2026-12-01 15:30")
    assert await book(rt, parent(), again)


async def test_the_district_reads_rates_from_ten_households_on(each_staffroom):
    rt = each_staffroom.rt
    await recorded(rt)
    await recorded(rt, n=1, starts="2026-11-28 09:00")
    async with rt.db.write() as tx:
        (found,) = await rates.by_school(tx, DISTRICT, rt.clock.now().date(), rt.clock.now())
        assert (found.households, found.per_cent) == (40, 5)
        taken = visits.c.area == CLASS
        await tx.execute(update(visits).where(taken).values(record=None))
    browser = await each_staffroom.staff("ouyang", ("leader", "gz/tianhe", ""))
    page = (await browser.get("/visit-rates")).text
    assert "5 %" in page
    assert "40 户" in page
    assert "作业" not in page
    assert (await browser.get("/visit-records")).status == 403
    await each_staffroom.change("DELETE FROM child WHERE unit = :u", u=CLASS)
    page = (await browser.get("/visit-rates")).text
    assert "人数太少，不显示" in page
    assert "9 户" not in page


async def test_what_is_old_is_forgotten(each_staffroom):
    rt = each_staffroom.rt
    _, number = await recorded(rt)
    async with rt.db.write() as tx:
        await records.read(rt, tx, HEAD, number)
    rt.clock.turn(days=31)
    assert await leaving.forget_old(rt) == 0
    assert [row["called"] for row in await teaching.rows(rt, visits)] == [None]
    assert len(await teaching.rows(rt, looks)) == 1
    rt.clock.turn(days=366)
    assert await leaving.forget_old(rt) == 1
    for table in (visits, slot_rows, looks):
        assert await teaching.rows(rt, table) == []


async def test_the_pages_of_the_staff_open_a_record_by_a_form_alone(staffroom):
    rt = staffroom.rt
    teacher = await staffroom.staff("lin", ("teacher", CLASS, ""))
    slot, number = await recorded(rt, actor=await teacher.actor())
    teacher = await staffroom.logged_in(teacher.id)
    head = await staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    assert "六点半开始" not in (await teacher.get("/visits")).text
    assert "六点半开始" not in (await teacher.get(f"/visit-slots/{slot.id}/record")).text
    assert "六点半开始" not in (await head.get("/visit-records")).text
    assert await teaching.rows(rt, looks) == []
    assert "六点半开始" in (await teacher.post(f"/visits/{number}/open")).text
    assert "六点半开始" in (await head.post(f"/visit-records/{number}/open")).text
    assert len(await teaching.rows(rt, looks)) == 2
