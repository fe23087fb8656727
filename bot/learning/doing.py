"""What a parent does on the pages of learning, each in one writing transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput, NotFound
from bot.h5 import privacy
from bot.h5.visit import Visit
from bot.learning import acts, page_consent
from bot.people import joining
from bot.school import due, shelf, steps
from bot.school.course_tables import courses
from bot.school.states import Standing, Step
from bot.school.steps import Act, Do, Outcome, Place
from knowledge.courses import Course

_DAY = 24 * 60
_CLOCK_CHARS = 4
#: What one's own page of learning can do with a course.
REST, STOP, RESUME, RETAKE, CLOCK = "rest", "stop", "resume", "retake", "clock"
_PAUSED = (Standing.RESTING, Standing.STOPPED)


async def begin(visit: Visit, name: str) -> str:
    """Begin a course, or go on after a rest or a stop; returns what was done.

    Raises:
        NotFound: it is not offered.
    """
    async with visit.rt.db.write() as tx:
        row = await _locked(visit, tx, name)
        if row is not None:
            if row.state in _PAUSED:
                await tx.execute(*acts.resumed(row, visit.now))
            return "resumed"
        version = await _offered(tx, name)
        await _join(visit, tx)
        clock = await _first_clock(visit, tx)
        await tx.execute(*acts.enrol(
            visit.person, name, version, visit.now, clock=clock, is_sqlite=visit.rt.db.is_sqlite
        ))  # fmt: skip
    return "begun"


async def _join(visit: Visit, tx: AsyncConnection) -> None:
    """Note the consent that lies in the button's words, unless it stands already."""
    if (await tx.execute(joining.has_agreed(visit.person))).first() is None:
        for one in joining.agree(
            visit.person, visit.now, privacy.version(),
            is_elder=visit.is_big, is_sqlite=visit.rt.db.is_sqlite,
        ):  # fmt: skip
            await tx.execute(*one)


async def _first_clock(visit: Visit, tx: AsyncConnection) -> int | None:
    """Return the time of the parent's last course, or the usual one; None: no reminders wanted."""
    if not await page_consent.is_given(tx, visit.person):
        return None
    rows = (await tx.execute(acts.own(visit.person))).all()
    known = next((row.clock for row in rows if row.clock is not None), due.USUAL)
    return due.allowed(visit.rt.settings, known)


async def _offered(tx: AsyncConnection, name: str) -> int:
    c = courses.c
    wanted = select(c.version).where(c.id == name, c.version > 0, c.retired_at.is_(None))
    version = await tx.scalar(wanted)
    if version is None:
        raise NotFound
    return int(version)


async def _locked(visit: Visit, tx: AsyncConnection, name: str) -> Row[Any] | None:
    found: Row[Any] | None = (
        await tx.execute(acts.one(visit.person, name).with_for_update())
    ).first()
    return found


async def go(visit: Visit, name: str, here: str, act: Act, clock: int | None) -> Outcome | None:
    """Go a step from the place the form was shown for; None: nothing has changed.

    `clock` is the time chosen for the practice, in minutes after midnight.

    Raises:
        NotFound: the parent does not take this course.
    """
    async with visit.rt.db.write() as tx:
        row = await _locked(visit, tx, name)
        if row is None:
            raise NotFound
        if row.state != Standing.ACTIVE or here != told(acts.place(row)):
            return None
        course = await shelf.one(visit.rt, tx, name, row.version)
        return await _take(visit, tx, row, course, act, clock)


async def _take(
    visit: Visit, tx: AsyncConnection, row: Row[Any], course: Course, act: Act, clock: int | None,
    version: int | None = None,
) -> Outcome | None:  # fmt: skip
    outcome = steps.after(course, acts.place(row), act)
    if not isinstance(outcome, Outcome):
        return None
    for write in acts.applied(
        row, course, outcome, visit.now, way=acts.H5, is_sqlite=visit.rt.db.is_sqlite,
        clock=clock, version=version,
    ):  # fmt: skip
        await tx.execute(*write)
    if clock is not None:
        await page_consent.give(tx, visit.person, visit.now)
    return outcome


async def settle(visit: Visit, name: str, wish: str, clock: str) -> str:
    """Rest, stop, go on, take again, or set the time; returns what was done, for the page.

    Raises:
        NotFound: the parent does not take this course.
        InvalidInput: there is no such wish, or no such time.
    """
    async with visit.rt.db.write() as tx:
        row = await _locked(visit, tx, name)
        if row is None:
            raise NotFound
        if wish == RETAKE:
            return await _again(visit, tx, row)
        if row.state == Standing.FINISHED:
            return ""
        if wish == CLOCK:
            at = chosen(visit, clock) if clock else None
            if at is not None:
                await page_consent.give(tx, visit.person, visit.now)
            await tx.execute(*acts.timed(row, at, visit.now))
            return "unclock" if at is None else "clock"
        if wish not in _WISHES:
            raise InvalidInput("there is no such wish")
        made, said = _WISHES[wish]
        await tx.execute(*made(row, visit.now))
        return said


_WISHES = {
    REST: (acts.rested, "rested"),
    STOP: (acts.stopped, "stopped"),
    RESUME: (acts.resumed, "resumed"),
}


async def _again(visit: Visit, tx: AsyncConnection, row: Row[Any]) -> str:
    """Take a finished course from its beginning, in today's version where it is still offered."""
    if Step(row.step) is not Step.DONE:
        return ""
    course = await shelf.one(visit.rt, tx, row.course, row.version)
    c = courses.c
    newest = await tx.scalar(
        select(c.version).where(c.id == row.course, c.version > 0, c.retired_at.is_(None))
    )
    await _take(visit, tx, row, course, Act(Do.RETAKE), None, newest)
    return "again"


def chosen(visit: Visit, text: str) -> int:
    """Return a time of day from a form, in minutes after midnight, outside the quiet hours.

    Raises:
        InvalidInput: it is none.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= _CLOCK_CHARS
    if not is_number or int(text) >= _DAY:
        raise InvalidInput("there is no such time")
    return due.allowed(visit.rt.settings, int(text))


def told(place: Place) -> str:
    """Return a place as forms carry it, so that a form sent twice goes one step."""
    return f"{place.lesson}.{place.step}.{place.at}"
