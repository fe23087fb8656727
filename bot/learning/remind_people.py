"""Whom a reminder of a course is for, and for whom it is not wanted any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.delivery.order import Order
from bot.dialogue.turn import Turn
from bot.learning.remind_tables import persons, runs
from bot.people.families import Person
from bot.people.kept import Kept, kept
from bot.runtime import Runtime
from bot.school.course_tables import courses
from bot.school.learner_tables import enrolments, lesson_states
from bot.school.states import Due, Practice, Standing

#: Days rows are kept: a parent who comes back is told what waits.
KEPT_DAYS = 30
_p, _r, _e, _s = persons.c, runs.c, enrolments.c, lesson_states.c
_ANSWERED = (Practice.DONE, Practice.NOT_DONE, Practice.SKIPPED)
_forget = delete(persons).where(
    _p.openid == bindparam("parent"), _p.account == bindparam("owner")
)  # fmt: skip


def of_run(value: str) -> Select[Any]:
    """Return account and openid of everybody of a run (`Feature.audiences`)."""
    number = int(value) if value.isascii() and value.isdigit() else 0
    return select(_p.account, _p.openid).where(_p.run == number)


def unwanted(
    rt: Runtime, tx: Connection, order: Order, openids: Sequence[str], now: datetime
) -> Collection[str]:
    """Return who of these acted since the order, rests, stopped, or left (`Feature.unwanted`)."""
    del rt, now
    run = int(order.about.partition(":")[2])
    rows = tx.scalars(wanted().where(_p.run == run, among(tx, _p.openid, openids)))
    return set(openids) - set(rows)


def wanted() -> Select[Any]:
    """Return the openids of runs' people for whom what was ordered still stands."""
    answered = exists().where(
        _s.enrolment == _e.id, _s.lesson == _r.lesson, _s.practice.in_(_ANSWERED),
        _s.practice_at > _p.acted_at,
    )  # fmt: skip
    is_practice = _r.due.in_((Due.PRACTICE, Due.CHECK))
    return (
        select(_p.openid)
        .join_from(persons, runs, _r.id == _p.run)
        .join(enrolments, and_(_e.id == _p.enrolment, _e.openid == _p.openid))
        .where(_e.state == Standing.ACTIVE, _e.acted_at == _p.acted_at)
        .where(or_(~is_practice, ~answered))
    )


def erase(turn: Turn) -> None:
    """Note that this parent's reminders are forgotten (`Feature.erase`)."""
    turn.write(_forget, {"owner": turn.message.account, "parent": turn.message.openid})


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> Kept:
    """Return this parent's reminders of the last days."""
    del rt
    rows = await tx.execute(
        select(_r.begins_at, func.coalesce(courses.c.title, _r.course))
        .join_from(persons, runs, _r.id == _p.run)
        .outerjoin(courses, courses.c.id == _r.course)
        .where(_p.openid == person[1], _p.account == person[0])
        .order_by(_p.run)
    )
    return kept("learning", "reminders", (tuple(row) for row in rows), days=KEPT_DAYS)


async def forget_old(rt: Runtime) -> int:
    """Forget the reminders of a month ago; returns how many runs."""
    old = select(_r.id).where(_r.begins_at < rt.clock.now() - timedelta(days=KEPT_DAYS))
    async with rt.db.write() as tx:
        await tx.execute(delete(persons).where(_p.run.in_(old)))
        gone = await tx.execute(delete(runs).where(_r.id.in_(old)))
    return gone.rowcount
