"""Classes with households, and what a class teacher, a school and its parents do with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from bot.clock import GUANGZHOU
from bot.org import tree
from bot.org.tree import Unit
from bot.people.actor import Actor, Grant
from bot.people.families import children
from bot.school.learner_tables import evidence
from bot.teaching import booking, slots
from bot.teaching.slots import Offer
from tests.support import world
from tests.support.places import CLASS, OTHER_CLASS, SCHOOL

LESSON = "homework-rhythm/01-start-time"
TEACHER = Actor(2001, "lin", "林老师", (Grant("teacher", CLASS),))
COLLEAGUE = Actor(2002, "mo", "莫老师", (Grant("teacher", OTHER_CLASS),))
HEAD = Actor(2003, "su", "苏校长", (Grant("school_lead", SCHOOL),))
_WIDE = tuple(Grant(role, "gz/tianhe") for role in ("leader", "school_lead"))
DISTRICT = Actor(2004, "ou", "欧主任", _WIDE)


async def second_class(rt):
    """Add the small class beside the one the office has."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        await tree.add(tx, Unit(f"{SCHOOL}/2025", SCHOOL, "grade", "2025级", "primary", 2025), now)
        unit = Unit(OTHER_CLASS, f"{SCHOOL}/2025", "class", "1班", "primary", 2025, 1)
        await tree.add(tx, unit, now)


def openid(unit, n):
    return f"o{unit[-1]}_{n:03d}_0000000000000000"


async def bind(rt, person, unit):
    """Bind one parent's child to a class."""
    row = {"account": person[0], "openid": person[1], "stage": "primary", "entry_year": 2024}
    async with rt.db.write() as tx:
        await tx.execute(
            insert(children).values(
                row | {"unit": unit, "source": "code", "added_at": rt.clock.now()}
            )
        )


async def households(rt, unit, count, *, learned=0, lesson=LESSON):
    """Bind so many households to a class; the first so many learned a lesson just now."""
    now, people = rt.clock.now(), [(world.ACCOUNT, openid(unit, n)) for n in range(count)]
    who = [{"account": a, "openid": o} for a, o in people]
    async with rt.db.write() as tx:
        await tx.execute(insert(children), [
            one | {"stage": "primary", "entry_year": 2024, "unit": unit, "source": "code",
                   "added_at": now} for one in who
        ])  # fmt: skip
        if learned:
            await tx.execute(insert(evidence), [
                one | {"kind": "lesson", "about": f"lesson:{lesson}", "subject": lesson,
                       "title": "x", "minutes": 3, "way": "h5", "at": now} for one in who[:learned]
            ])  # fmt: skip
    return people


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)


async def offer(
    rt, *, actor=TEACHER, unit=CLASS, starts="2026-11-26 15:30", count=3, form="school"
):
    """Open slots of twenty minutes; returns their rows in order."""
    offered = Offer(form, at(starts), 20, 5, count, "二楼接待室")
    async with rt.db.write() as tx:
        await slots.offer(rt, tx, actor, await tree.get(tx, unit), offered)
        return await slots.listed(tx, actor, unit, at(starts), rt.clock.now())


async def book(rt, person, slot, topics=("study", "talk"), called="三组小李妈妈"):
    async with rt.db.write() as tx:
        return await booking.book(rt, tx, person, slot.code, list(topics), called)


async def codes(rt, person):
    async with rt.db.read() as tx:
        return [r.code for r in (await tx.execute(booking.of(person))).all()]


async def rows(rt, table):
    async with rt.db.read() as tx:
        return (await tx.execute(select(table))).mappings().all()
