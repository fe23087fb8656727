"""The conversations learn what was pushed: the digits below a message, or that a line waits.

A message that left was not seen by the chat, so its numbered answers are offered here, as soon as
the ledger knows that it left. Where nothing could be pushed a line waits for the parent's next
visit (`visiting.py`). Few parents a transaction: each one's lock is held, as in a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.states import OVER, Stage, State
from bot.dialogue import talks
from bot.dialogue.conversation import Held, Talk
from bot.learning import acts, offers, remind_texts, visiting
from bot.learning.remind_people import wanted
from bot.learning.remind_tables import persons, runs
from bot.logs import log
from bot.runtime import Runtime
from bot.school import courses
from bot.school.learner_tables import enrolments
from knowledge.courses import Course

#: Parents of one transaction, transactions for one reminder, and reminders looked at at once.
FEW, _OFTEN, _RUNS = 50, 40, 500
OFFER, WAITS, NONE = "offered", "waits", "none"
_LEFT = (State.SENT, State.QUEUED)
#: Nothing was pushed, and the parent had not done it and did not say no.
_MISSED = (State.KEPT, State.EXPIRED, State.REFUSED)
_p, _r, _d, _b = persons.c, runs.c, deliveries.c, broadcasts.c


async def tell(rt: Runtime) -> int:
    """Let conversations know what left and what waits; returns how many parents'."""
    count = 0
    for run in await _open(rt):
        for _ in range(_OFTEN):
            told = await _some(rt, run)
            count += told
            if told < FEW:
                break
    return count


async def _open(rt: Runtime) -> Sequence[Row[Any]]:
    query = (
        select(runs, _b.stage)
        .join(broadcasts, _b.id == _r.broadcast)
        .where(_r.told_at.is_(None), _r.begins_at <= rt.clock.now())
        .where(_b.stage.in_((Stage.RUNNING, *OVER)))
        .order_by(_r.begins_at)
        .limit(_RUNS)
    )
    async with rt.db.read() as tx:
        return (await tx.execute(query)).all()


async def _some(rt: Runtime, run: Row[Any]) -> int:
    """Tell some conversations of a run; close it when it has no more. Returns how many."""
    async with rt.db.read() as tx:
        rows = (await tx.execute(_ready(run.id, is_over=run.stage in OVER))).all()
    if not rows and run.stage not in OVER:
        return 0
    async with rt.db.write() as tx:
        if not rows:
            closed = update(runs).where(_r.id == run.id)
            await tx.execute(closed.values(told_at=rt.clock.now()))
            return 0
        course = await _course(rt, tx, run)
        for row in sorted(rows, key=lambda one: talks.lock_number((one.account, one.openid))):
            await _one(rt, tx, run, row, course)
    log.info("reminders_told", run=run.id, parents=len(rows))
    return len(rows)


def _ready(run: int, *, is_over: bool) -> Any:
    """Return people of a run whose message has left or never will."""
    mine = and_(_d.broadcast == _r.broadcast, _d.openid == _p.openid)
    query = (
        select(_p.account, _p.openid, _p.enrolment, _d.state)
        .join_from(persons, runs, _r.id == _p.run)
        .outerjoin(deliveries, mine)
        .where(_p.run == run, _p.told == "")
        .limit(FEW)
    )
    open_ones = (State.PLANNED, State.CLAIMED, State.TAGGED)
    return query if is_over else query.where(_d.state.not_in(open_ones))


async def _one(
    rt: Runtime, tx: AsyncConnection, run: Row[Any], row: Row[Any], course: Course | None
) -> None:
    """Change one conversation, once; who has acted meanwhile is left alone."""
    person = (row.account, row.openid)
    await talks.lock(tx, person)
    enrolment = await _enrolment(tx, run.id, row.openid)
    told = _what(row.state) if course is not None and enrolment is not None else NONE
    mark = update(persons).where(_p.run == run.id, _p.openid == row.openid, _p.told == "")
    changed = await tx.execute(mark.values(told=told))
    if not changed.rowcount or told == NONE or course is None or enrolment is None:
        return
    now, place = rt.clock.now(), acts.place(enrolment)
    shown = remind_texts.shown(rt, run.said, course, place)

    def work(talk: Talk) -> None:
        if told == WAITS:
            _wait(talk, run)
        elif _may_offer(talk, now):
            offers.offer(talk, run.course, place, shown, now)

    await talks.change(tx, person, now, work)


def _what(state: str | None) -> str:
    if state in _LEFT:
        return OFFER
    return WAITS if state in _MISSED else NONE


def _may_offer(talk: Talk, now: datetime) -> bool:
    """Say whether digits may be taken for the course: nothing graver waits for an answer."""
    is_talking = talk.desk is not None and talk.desk.is_open
    waits = talk.pending
    is_asked = waits is not None and waits["kind"] != offers.LESSON
    return not (
        is_talking or talk.flow or (is_asked and waits and waits["until"] >= now.timestamp())
    )


def _wait(talk: Talk, run: Row[Any]) -> None:
    """Let one line wait, in the place of an older one; its words are found when it is shown."""
    talk.held = [one for one in talk.held if one.kind != visiting.WAITS]
    talk.hold(Held(run.id, "", visiting.WAITS))


async def _enrolment(tx: AsyncConnection, run: int, openid: str) -> Row[Any] | None:
    """Return the enrolment of a run's parent, where what was ordered still stands."""
    mine = wanted().with_only_columns(*enrolments.c).where(_p.run == run, _p.openid == openid)
    return (await tx.execute(mine)).first()


async def _course(rt: Runtime, tx: AsyncConnection, run: Row[Any]) -> Course | None:
    row = (await tx.execute(courses.content(run.course, run.version))).first()
    return None if row is None else courses.opened(rt, row)
