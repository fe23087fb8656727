"""The clock over 1 September: grades move by themselves, and no row of a family is rewritten."""

import hashlib
from datetime import date, datetime

import pytest
from sqlalchemy import insert

from bot import worker
from bot.clock import GUANGZHOU, day
from bot.db.base import metadata
from bot.org import tree
from bot.org.tree import Unit
from bot.people import audience as people
from bot.people.audience import Audience
from bot.school import fitting
from bot.school.learner_tables import enrolments
from bot.wechat import events
from knowledge import courses as seed
from tests.support import families, places, school, world
from tests.support.families import Family, Kid
from tests.support.places import CLASS, SCHOOL

LAST_DAY = datetime(2027, 8, 31, 20, tzinfo=GUANGZHOU)
FIRST_DAY = date(2027, 9, 1)
#: Of the same school: the class that leaves it in 2027, and one in its first year.
LEAVING, FIRST = f"{SCHOOL}/2021/1", f"{SCHOOL}/2026/2"
CLASSES = {CLASS: 2024, LEAVING: 2021, FIRST: 2026}
#: What jobs keep of their own work.
OF_JOBS = {"incident", "job_run", "funnel_figure", "counted_day", "daily_fact", "latency"}
NEWCOMER = "oNewcomer_00000000000000000"


@pytest.fixture
async def desk(each_desk):
    """A school on the last evening of its year: three classes, five parents each, who learn."""
    rt, clock = each_desk.rt, each_desk.clock
    await places.build(rt.db, clock.now())
    clock.turn(seconds=(LAST_DAY - clock.now()).total_seconds())
    async with rt.db.write() as tx:
        for path in (LEAVING, FIRST):
            parent, year = path.rpartition("/")[0], CLASSES[path]
            grade = Unit(parent, SCHOOL, "grade", f"{year}级", "primary", year)
            await tree.add(tx, grade, clock.now())
            number = int(path.rpartition("/")[2])
            one = Unit(path, parent, "class", f"{number}班", "primary", year, number)
            await tree.add(tx, one, clock.now())
    await families.write(rt.db, [one for path in CLASSES for one in of_class(path)], clock.now())
    await school.publish(rt, *(c.id for c in seed.load()))
    async with rt.db.write() as tx:
        await tx.execute(insert(enrolments), [enrolled(one) for one in of_class(CLASS)])
    return each_desk


def of_class(path):
    year = CLASSES[path]
    return [
        Family(f"oYear{year}_{n:017d}", (Kid("primary", year, path),), wants=("lessons",))
        for n in range(5)
    ]


def enrolled(one):
    return {
        "account": one.account, "openid": one.openid, "course": "homework-rhythm", "version": 1,
        "state": "active", "lesson": 1, "step": "card", "at_step": 2, "begun_at": LAST_DAY,
        "acted_at": LAST_DAY,
    }  # fmt: skip


async def hashes(rt):
    """Return a hash of every table's rows."""
    found = {}
    async with rt.db.read() as tx:
        for table in metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in await tx.execute(table.select()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


async def night(desk):
    """Let a night pass over 1 September, with every job of the worker."""
    desk.clock.turn(hours=11)
    assert day(desk.clock.now()) == FIRST_DAY
    for _, _, job in worker.planned():
        await job(desk.rt)


async def reached(desk, **audience):
    """Return the classes of the parents an audience holds today."""
    chosen = people.parents(Audience(**audience), world.ACCOUNT, day(desk.clock.now()), {})
    async with desk.rt.db.read() as tx:
        openids = {row.openid for row in await tx.execute(chosen)}
    return {path for path in CLASSES for one in of_class(path) if one.openid in openids}


async def labels(desk):
    async with desk.rt.db.read() as tx:
        named = await tree.named(tx, list(CLASSES))
    return [named[path].label(day(desk.clock.now())) for path in CLASSES]


async def test_grades_move_and_no_row_is_rewritten(desk):
    assert await labels(desk) == ["三年级3班", "六年级1班", "一年级2班"]
    await night_before(desk)
    before = await hashes(desk.rt)
    await night(desk)
    assert await labels(desk) == ["四年级3班", "2021级（已毕业）1班", "二年级2班"]
    after = await hashes(desk.rt)
    assert {name for name in before if before[name] != after[name]} <= OF_JOBS


async def night_before(desk):
    """Let the jobs do what is due anyway, so that only the new year is left to show."""
    for _, _, job in worker.planned():
        await job(desk.rt)


async def test_graduates_leave_the_audience_of_their_school(desk):
    assert await reached(desk, areas=(SCHOOL,)) == set(CLASSES)
    assert await reached(desk, areas=(SCHOOL,), grades=("p6",)) == {LEAVING}
    desk.clock.turn(hours=11)
    assert await reached(desk, areas=(SCHOOL,)) == {CLASS, FIRST}
    assert await reached(desk, areas=(SCHOOL,), stages=("primary",)) == {CLASS, FIRST}
    assert await reached(desk, areas=(SCHOOL,), grades=("p6",)) == set()
    assert await reached(desk, areas=(SCHOOL,), grades=("p4",)) == {CLASS}


async def test_a_classs_code_binds_to_the_same_cohort_in_the_new_year(desk):
    desk.clock.turn(hours=11)
    scan = desk.event(events.Subscribe, f"class:{CLASS}", "ticket", who=NEWCOMER)
    (told,) = await desk.gets(scan)
    assert told is not None
    said = [await desk.says(words, who=NEWCOMER) for words in ("1", "妈妈", "1")]
    assert "四年级3班" in "".join([told.text, *said])
    (row,) = await desk.rows("SELECT * FROM child WHERE openid = :o", o=NEWCOMER)
    assert (row["stage"], row["entry_year"], row["unit"]) == ("primary", 2024, CLASS)


def test_the_courses_offered_are_those_of_the_new_grade():
    every = seed.load()
    old, new = (fitting.kid("primary", 2024, today) for today in (LAST_DAY.date(), FIRST_DAY))
    assert (old.grade, new.grade) == ("p3", "p4")
    for one in (old, new):
        offered = fitting.fitting(every, [one])
        assert offered
        assert all(one.stage in course.stages for course in offered)
        graded = [{g for g in c.grades if g.startswith("p")} for c in offered]
        assert all(not listed or one.grade in listed for listed in graded)
    made_for = [c.id for c in every if "p3" in c.grades and "p4" not in c.grades]
    assert not set(made_for) & {c.id for c in fitting.fitting(every, [new])}
    assert fitting.kid("primary", 2021, LAST_DAY.date()).grade == "p6"
    assert fitting.kid("primary", 2021, FIRST_DAY) is None, "who has left is offered nothing more"
