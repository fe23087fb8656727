"""What is due in the next minute is ordered: everybody who is told the same with one order.

One transaction a page takes what is due from the front of `ix_enrolment_due`, places the orders in
the ledger, notes for whom they are and plans what comes next. So a death anywhere leaves a page due
or ordered as a whole, and the next page is at the front again: nothing has to be remembered between
pages. Two workers share the pages, because each passes over what the other has locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.calendar import store
from bot.calendar.days import Calendar
from bot.clock import day
from bot.db import bulk
from bot.db.base import Instant
from bot.delivery import brake, order
from bot.delivery.order import Order
from bot.learning import acts, remind_rules, remind_texts
from bot.learning.remind_tables import persons, runs
from bot.logs import log
from bot.people.audience import Audience
from bot.people.consents import Kind
from bot.runtime import Runtime
from bot.school import courses
from bot.school.learner_tables import enrolments
from bot.school.states import Due, Standing
from bot.school.steps import Place
from knowledge.courses import Course

#: Enrolments of one transaction.
PAGE = 5_000
#: How far ahead of its time a reminder is ordered.
AHEAD = timedelta(minutes=1)
#: Name of the audience, first word of what an order is about, kind of order.
AUDIENCE, ABOUT, KIND = "course_reminder", "course", "reminder"

_e = enrolments.c
_due = (
    select(enrolments)
    .where(_e.due_at <= bindparam("horizon", type_=Instant()))
    .order_by(_e.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_person = insert(persons).values(
    {name: bindparam(name) for name in ("run", "openid", "account", "enrolment", "acted_at")}
)
_nothing = update(enrolments).where(_e.id == bindparam("which")).values(due_at=None, due="")
_later = (
    update(enrolments)
    .where(_e.id == bindparam("which"))
    .values(due_at=bindparam("at", type_=Instant()))
)


@dataclass(frozen=True, slots=True)
class Group:
    """What is said to many at once, when it may leave."""

    account: str
    due: str
    said: str
    course: str
    version: int
    lesson: int
    begins_at: datetime


async def remind(rt: Runtime) -> int:
    """Order the reminders that are due up to the next minute; returns to how many parents.

    Nothing happens in quiet hours, nor while the brake is on or a restored database is fenced off:
    it stays due. On a state holiday nobody is nudged: that waits for the day after.
    """
    async with rt.db.read() as reading:
        calendar = await store.load(reading)
    count = 0
    while True:
        until = remind_rules.horizon(rt.settings, rt.clock.now(), AHEAD)
        if until is None:
            return count
        work = partial(page, rt, until=until, calendar=calendar)
        taken, ordered = await rt.db.transact(work)
        count += ordered
        if taken < PAGE:
            return count


def page(
    rt: Runtime, tx: Connection, *, until: datetime, calendar: Calendar | None = None
) -> tuple[int, int]:
    """Take one page of what is due; returns how many enrolments, and how many are reminded."""
    if brake.is_on(tx):
        return 0, 0
    rows = due(tx, until)
    groups, later = _sorted(rt, rows, calendar or Calendar())
    ordered = 0
    for group, members in groups.items():
        if _ordered(rt, tx, group, members):
            ordered += len(members)
            later += [acts.reminded(row, group.begins_at) for row in members]
        else:
            later += [_none(row) for row in members]
    _plan(tx, later)
    if rows:
        log.info("reminders_ordered", orders=len(groups), parents=ordered, taken=len(rows))
    return len(rows), ordered


def due(tx: Connection, until: datetime) -> Sequence[Row[Any]]:
    """Lock and return one page of what is due until then, the longest due first."""
    return tx.execute(_due, {"horizon": until, "most": PAGE}).all()


def _sorted(
    rt: Runtime, rows: Sequence[Row[Any]], calendar: Calendar
) -> tuple[Mapping[Group, list[Row[Any]]], list[acts.Write]]:
    """Return who is told what, and the plans of those who are told nothing this time."""
    now, groups, later = rt.clock.now(), defaultdict(list), []
    for row in rows:
        at = remind_rules.begins(rt.settings, row.due_at, now)
        if not _may(row):
            later.append(_none(row))
        elif remind_rules.is_put_off(row.due, calendar.day(day(at))):
            later.append((_later, {"which": row.id, "at": at + timedelta(days=1)}))
        elif remind_rules.is_stale(row.due, row.due_at, at):
            later.append(acts.reminded(row, row.due_at))
        else:
            groups[_group(row, at)].append(row)
    return groups, later


def _may(row: Row[Any]) -> bool:
    """Say whether an enrolment may be reminded at all; `acts` plans nothing for any other."""
    is_over = row.state == Standing.RESTING and row.due == Due.RESUME
    return row.due in set(Due) and (row.state == Standing.ACTIVE or is_over)


def _group(row: Row[Any], at: datetime) -> Group:
    said = remind_rules.said(row.due, row.due_at, at, row.clock)
    return Group(row.account, row.due, said, row.course, row.version, row.lesson, at)


def _none(row: Row[Any]) -> acts.Write:
    return _nothing, {"which": row.id}


def _ordered(rt: Runtime, tx: Connection, group: Group, members: Sequence[Row[Any]]) -> bool:
    """Order one reminder; False: the course has no such lesson, so there is nothing to say."""
    course = _course(rt, tx, group)
    if course is None or not 0 <= group.lesson < len(course.lessons):
        log.error("reminder_without_lesson", course=group.course, version=group.version)
        return False
    lesson = course.lessons[group.lesson]
    row = {
        "account": group.account, "due": group.due, "said": group.said, "course": group.course,
        "version": group.version, "lesson": lesson.name, "begins_at": group.begins_at,
    }  # fmt: skip
    run = int(tx.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one())
    told = remind_texts.content(rt, group.said, course, Place(group.lesson), group.begins_at)
    number = order.place_in(tx, _order(rt, run, group, told), rt.clock.now())
    tx.execute(update(runs).where(runs.c.id == run).values(broadcast=number))
    bulk.execute(tx, _person, [_row(run, one) for one in _once(members)])
    return True


def _order(rt: Runtime, run: int, group: Group, told: order.Content) -> Order:
    return Order(
        account=group.account,
        kind=KIND,
        about=f"{ABOUT}:{run}",
        texts=(told,),
        audience=Audience(features={AUDIENCE: str(run)}).to_json(),
        not_before=group.begins_at,
        not_after=remind_rules.ends(rt.settings, group.begins_at),
        consent=Kind.LESSONS,
    )


def _course(rt: Runtime, tx: Connection, group: Group) -> Course | None:
    row = tx.execute(courses.content(group.course, group.version)).first()
    return None if row is None else courses.opened(rt, row)


def _once(members: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Return each parent once: a course is taken once, so this only guards the key."""
    return list({row.openid: row for row in members}.values())


def _row(run: int, row: Row[Any]) -> dict[str, Any]:
    mine = {"account": row.account, "openid": row.openid, "acted_at": row.acted_at}
    return mine | {"run": run, "enrolment": row.id}


def _plan(tx: Connection, writes: Sequence[acts.Write]) -> None:
    """Write what comes next, each statement once for all its rows."""
    by_statement: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for statement, row in writes:
        by_statement[statement].append(row)
    for statement, rows in by_statement.items():
        bulk.execute(tx, statement, rows)
