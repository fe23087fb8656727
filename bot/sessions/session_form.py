"""The form of a session: what was typed becomes a row, with a sentence beside each fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.console.forms import Form
from bot.console.visit import Visit
from bot.org import scope
from bot.school import courses
from bot.school.course_tables import courses as owners
from bot.school.course_tables import programmes
from bot.sessions import queries, rules, words
from bot.sessions.queries import EDIT

_TEXTS = {"title": (40, True), "place": (80, True), "text": (1000, False)}
#: name: (lowest, highest); minutes but for the capacity.
_NUMBERS = {"capacity": (0, 5000), "minutes": (0, 480), "early": (0, 240), "late": (0, 240)}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: (value, label) of places, programmes, lessons, kinds."""

    places: list[tuple[str, str]]
    programmes: list[tuple[str, str]]
    lessons: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


async def choices(visit: Visit, tx: AsyncConnection) -> Choices:
    """Read what may be chosen."""
    none = ("", visit.text("session.none"))
    rows = await tx.execute(
        select(programmes.c.id, programmes.c.title)
        .where(programmes.c.is_open.is_(True))
        .order_by(programmes.c.place, programmes.c.id)
    )
    found = [(row.id, row.title) for row in rows]
    lessons = await _lessons(visit, tx)
    return Choices(
        places=await queries.places(tx, visit.actor, visit.today),
        programmes=[none, *found],
        lessons=[none, *lessons],
        kinds=list(words.kinds().items()),
    )


async def _lessons(visit: Visit, tx: AsyncConnection) -> list[tuple[str, str]]:
    """Return the lessons of the courses that units above or below one's own area offer."""
    area = owners.c.area
    near = [
        scope.speaks_for(area, one.area) | scope.is_below(area, one.area) if one.area else true()
        for one in visit.actor.giving(EDIT)
        if not one.topic  # a course is about several
    ]
    rows = (await tx.execute(courses.published().where(scope.either(near)))).all()
    opened = [courses.opened(visit.rt, row) for row in rows]
    return [(f"{c.id}/{one.name}", f"{c.title}: {one.title}") for c in opened for one in c.lessons]


def blank(visit: Visit, kind: str) -> Form:
    """Return the form of a new session of a kind."""
    minutes, early, late = rules.USUAL[kind]
    return visit.blank(
        kind=kind, minutes=str(minutes), early=str(early), late=str(late), capacity="0",
        day=visit.query("day"), area=visit.query("area"),
    )  # fmt: skip


def filled(visit: Visit, session: Row[Any]) -> Form:
    """Return the form of a session as it stands."""
    begins, ends = (at.astimezone(GUANGZHOU) for at in (session.starts_at, session.ends_at))
    lesson = f"{session.course}/{session.lesson}" if session.lesson else ""
    return visit.blank(
        **{name: getattr(session, name) for name in (*_TEXTS, "kind", "programme", "area")},
        **{name: str(getattr(session, name)) for name in _NUMBERS},
        day=begins.date().isoformat(), begins=begins.strftime("%H:%M"),
        ends=ends.strftime("%H:%M"), lesson=lesson, revision=str(session.revision),
    )  # fmt: skip


def read(form: Form, offered: Choices, now: datetime) -> dict[str, Any]:
    """Return the row of a form; faults stand beside its fields."""
    values: dict[str, Any] = {
        name: form.text(name, most=most, needed=needed) for name, (most, needed) in _TEXTS.items()
    }
    for name, (low, high) in _NUMBERS.items():
        values[name] = form.whole(name, low, high)
    values["kind"] = form.one_of("kind", [value for value, _ in offered.kinds])
    values["programme"] = form.one_of("programme", [value for value, _ in offered.programmes])
    values["area"] = form.one_of("area", [value for value, _ in offered.places])
    lesson = form.one_of("lesson", [value for value, _ in offered.lessons])
    values["course"], _, values["lesson"] = lesson.partition("/")
    return values | _times(form, now)


def _times(form: Form, now: datetime) -> dict[str, Any]:
    on = form.day("day")
    begins, ends = (_time(form, name, on) for name in ("begins", "ends"))
    if ends <= begins:
        form.wrong("ends", "session.ends_first")
    if ends <= now:
        form.wrong("day", "session.in_the_past")
    return {"starts_at": begins, "ends_at": ends}


def _time(form: Form, name: str, on: date | None) -> datetime:
    clock = form.text(name, most=5)
    try:
        return datetime.fromisoformat(f"{on}T{clock}:00").replace(tzinfo=GUANGZHOU)
    except ValueError:
        form.wrong(name, "session.clock")
        return datetime(2000, 1, 1, tzinfo=GUANGZHOU)
