"""A term from a template: on school days alone, changed, published with sessions, reported."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from bot.calendar import store
from bot.calendar.days import Calendar, Entry, Kind
from bot.clock import day
from bot.errors import InvalidInput, NotFound
from bot.org import tree
from bot.school.learner_tables import evidence
from bot.school.session_tables import check_ins, sessions
from bot.teaching import dating, modules, planning, term_report, terms
from bot.teaching.tables import plans
from bot.teaching.words import templates
from tests.support import teaching, world
from tests.support.office import CLASS
from tests.support.places import SCHOOL
from tests.support.teaching import DISTRICT, HEAD, TEACHER

FIRST, LAST = date(2026, 8, 31), date(2027, 1, 22)


async def begin(rt, actor=HEAD, template="standard", first=FIRST, last=LAST):
    async with rt.db.write() as tx:
        await store.seed(tx, rt.clock.now())
        unit = await tree.get(tx, SCHOOL)
        return await planning.begin(
            rt, tx, actor, unit, title="上学期", first=first, last=last, template=template
        )


async def publish(rt, number, revision=1):
    async with rt.db.write() as tx:
        plan = await terms.one(tx, HEAD, number)
        return await planning.publish(rt, tx, HEAD, plan, revision=revision)


async def entries(rt, number):
    async with rt.db.read() as tx:
        return await terms.entries(tx, number)


@pytest.mark.parametrize("year", range(2024, 2031))
@pytest.mark.parametrize("name", templates())
def test_every_entry_falls_on_a_school_day_of_the_term(year, name):
    off = Entry(Kind.WORKDAY_OFF, date(year, 9, 18), date(year, 9, 25), "停课")
    first, last = date(year, 9, 1), date(year + 1, 1, 20)
    calendar = Calendar([off, Entry(Kind.TERM, first, last, "上学期")])
    laid = dating.lay(calendar, first, last, templates()[name].items)
    assert len(laid) == len(templates()[name].items)
    for one in laid:
        assert first <= one.day <= one.last <= last
        assert one.day.weekday() < 5
        assert calendar.day(one.day).is_school_day
        assert not off.holds(one.day)
    assert len({one.day for one in laid}) == len(laid)


def test_a_short_term_holds_everything_and_an_empty_one_nothing():
    calendar = Calendar()
    first = date(2026, 11, 2)
    laid = dating.lay(calendar, first, first + timedelta(days=30), templates()["standard"].items)
    assert len(laid) == 9
    summer = Calendar([Entry(Kind.SCHOOL_HOLIDAY, date(2026, 7, 1), date(2026, 8, 31), "暑假")])
    assert dating.lay(summer, date(2026, 7, 6), date(2026, 8, 20), templates()["light"].items) == []


@pytest.mark.parametrize("text", ["", "7", "24:00", "12:60", "a:b", "1:2:3", "-1:00", "１６:30"])
def test_what_is_no_time_is_none(text):
    assert dating.minute_of(text) is None


async def test_a_plan_is_published_with_its_sessions(each_staffroom):
    rt = each_staffroom.rt
    number = await begin(rt)
    found = await entries(rt, number)
    assert sorted(one.kind for one in found) == ["lesson"] * 6 + ["onsite"] * 2 + ["visits"]
    assert all(one.course for one in found if one.kind == "lesson")
    assert await publish(rt, number) == 2
    held = await teaching.rows(rt, sessions)
    assert {row["plan"] for row in held} == {number}
    assert {row["state"] for row in held} == {"draft"}  # no place yet
    assert len({row["code"] for row in held} | {row["secret"] for row in held}) == 4
    assert all(len(row["spoken"]) == 4 and len(row["secret"]) == 64 for row in held)
    assert all(row["ends_at"] - row["starts_at"] == timedelta(hours=1) for row in held)
    assert all(row["area"] == SCHOOL for row in held)
    with pytest.raises(InvalidInput, match="is_published"):
        await publish(rt, number, revision=2)


@pytest.mark.parametrize("later", [0, 7])
async def test_of_two_plans_begun_at_once_one_is_refused(each_staffroom, later):
    rt, shifted = each_staffroom.rt, FIRST + timedelta(days=later)
    both = await asyncio.gather(begin(rt), begin(rt, first=shifted), return_exceptions=True)
    made = [one for one in both if isinstance(one, int)]
    (refused,) = [one for one in both if not isinstance(one, int)]
    assert isinstance(refused, InvalidInput)
    assert "have_already" in str(refused)
    assert [row["id"] for row in await teaching.rows(rt, plans)] == made


async def test_who_begins_the_same_plan_twice_is_told(each_staffroom):
    head = await each_staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    sent = {"area": SCHOOL, "title": "上学期", "template": "standard"}
    days = {"first": str(FIRST), "last": str(LAST)}
    both = await asyncio.gather(*(head.post("/terms", **sent, **days) for _ in range(2)))
    assert sorted(one.status for one in both) == [303, 422]
    assert "已经有计划了" in next(one for one in both if one.status == 422).text


async def test_a_session_with_a_place_is_open_at_once(staffroom):
    rt = staffroom.rt
    number = await begin(rt)
    item = next(one for one in await entries(rt, number) if one.kind == "onsite")
    head = await staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    sent = {"title": "开学第一课", "day": "2026-09-23", "clock": "16:00", "minutes": "50"}
    done = await head.post(f"/term-items/{item.id}", revision=1, place="报告厅", **sent)
    assert done.status == 303, done.text
    await publish(rt, number, revision=2)
    held = [row for row in await teaching.rows(rt, sessions) if row["state"] == "open"]
    assert [(row["title"], row["place"]) for row in held] == [("开学第一课", "报告厅")]
    assert held[0]["starts_at"].astimezone(day.__globals__["GUANGZHOU"]).hour == 16
    refused = await head.post(f"/term-items/{item.id}", revision=3, place="操场", **sent)
    assert refused.status in (400, 422)


async def test_a_day_without_school_needs_a_tick(staffroom):
    rt = staffroom.rt
    number = await begin(rt)
    item = next(one for one in await entries(rt, number) if one.kind == "onsite")
    head = await staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    sent = {"title": "x", "day": "2026-10-01", "clock": "16:00", "minutes": "50", "revision": 1}
    refused = await head.post(f"/term-items/{item.id}", **sent)
    assert refused.status == 422
    assert "这一天不上课" in refused.text
    assert (await head.post(f"/term-items/{item.id}", **sent, sure=1)).status == 303
    assert (await head.post(f"/term-items/{item.id}", **sent, sure=1)).status == 422  # revision
    outside = sent | {"day": "2027-03-01", "revision": 2}
    assert "不在这个学期里" in (await head.post(f"/term-items/{item.id}", **outside)).text


async def test_a_plan_is_one_schools_own(staffroom):
    rt = staffroom.rt
    number = await begin(rt)
    with pytest.raises(InvalidInput, match="have_already"):
        await begin(rt, first=date(2026, 9, 7))
    async with rt.db.read() as tx:
        assert (await terms.one(tx, DISTRICT, number)).id == number
        with pytest.raises(NotFound):
            await terms.one(tx, TEACHER, number)
        assert await terms.of_schools(tx, [SCHOOL], date(2026, 10, 1)) == []
    await publish(rt, number)
    async with rt.db.read() as tx:
        assert len(await terms.of_schools(tx, [SCHOOL], date(2026, 10, 1))) == 1
        assert await terms.of_schools(tx, [SCHOOL], date(2027, 6, 1)) == []


async def test_the_week_of_a_class_is_that_of_the_schools_term(staffroom):
    rt = staffroom.rt
    number = await begin(rt)
    await publish(rt, number)
    lesson = next(one for one in await entries(rt, number) if one.kind == "lesson")
    async with rt.db.read() as tx:
        listed = await modules.published(rt, tx)
        unit = await tree.get(tx, CLASS)
        found = await modules.of_week(tx, listed, unit, lesson.day)
    assert found.key == f"{lesson.course}/{lesson.lesson}"


async def test_the_report_fills_itself_and_shows_nothing_small(each_staffroom):
    rt = each_staffroom.rt
    number = await begin(rt)
    await publish(rt, number)
    lessons = [one for one in await entries(rt, number) if one.kind == "lesson"]
    async with rt.db.write() as tx:
        held = (await tx.scalars(select(sessions.c.id).order_by(sessions.c.starts_at))).all()
        for session, count in zip(held, (12, 3), strict=True):
            await tx.execute(insert(check_ins), [
                {"session": session, "account": world.ACCOUNT, "openid": teaching.openid(CLASS, n),
                 "at": rt.clock.now(), "way": "code", "is_late": 0} for n in range(count)
            ])  # fmt: skip
        found = await term_report.of(rt, tx, await terms.one(tx, HEAD, number))
        assert {row.kind for row in await tx.execute(select(evidence.c.kind))} == {"lesson"}
    assert found.households == 40
    assert [line.count for line in found.sessions] == [12, None]
    assert found.came is None  # the sum would tell the 3
    told = {one.title: line.count for one, line in zip(lessons, found.lessons, strict=True)}
    assert 23 in told.values()  # fourteen of the one class, nine of the other
    assert found.learned == 23
    head = await each_staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    page = (await head.get(f"/terms/{number}/report")).text
    assert "不到 10" in page
    assert '<td data-label="到课">3</td>' not in page
