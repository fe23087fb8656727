"""A parent was there: noted once, with the evidence for the learning record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import insert_if_new, insert_new
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school import record
from bot.school.record import Kind, Learned
from bot.school.session_tables import check_ins
from bot.sessions import rules

CODE, SPOKEN, STAFF, MAKEUP = "code", "spoken", "staff", "makeup"
_COLUMNS = ("session", "account", "openid", "at", "way", "is_late", "reason", "by_staff")
_C = check_ins.c
Noted = tuple[Executable, Mapping[str, Any]]


async def note(
    rt: Runtime, tx: AsyncConnection, session: Row[Any], person: Person, way: str,
    *, reason: str = "", by_staff: int | None = None,
) -> bool:  # fmt: skip
    """Note that a parent was there; returns False where that is known already."""
    now, is_sqlite = rt.clock.now(), rt.db.is_sqlite
    row = _row(session, person, way, now) | {"reason": reason, "by_staff": by_staff}
    statement = insert_new(check_ins, _COLUMNS, is_sqlite=is_sqlite)
    is_new = (await tx.execute(statement, row)).first() is not None
    if is_new:
        learned, values = _evidence(session, person, way, now, is_sqlite=is_sqlite)
        await tx.execute(learned, values)
    return is_new


def notes(
    session: Row[Any], person: Person, way: str, now: datetime, *, is_sqlite: bool
) -> tuple[Noted, Noted]:
    """Return the same as statements for a turn of the chat; a repeat changes nothing."""
    row = _row(session, person, way, now) | {"reason": "", "by_staff": None}
    statement = insert_if_new(check_ins, _COLUMNS, is_sqlite=is_sqlite)
    return (statement, row), _evidence(session, person, way, now, is_sqlite=is_sqlite)


def done(number: int, person: Person) -> Select[Any]:
    """Return when and how a parent signed in at a session."""
    mine = (_C.account == person[0]) & (_C.openid == person[1])
    return select(_C.at, _C.way, _C.is_late).where(_C.session == number, mine)


def _row(session: Row[Any], person: Person, way: str, now: datetime) -> dict[str, Any]:
    is_late = int(way != MAKEUP and rules.is_late(session, now))
    return {
        "session": session.id, "account": person[0], "openid": person[1], "at": now, "way": way,
        "is_late": is_late,
    }  # fmt: skip


def _evidence(
    session: Row[Any], person: Person, way: str, now: datetime, *, is_sqlite: bool
) -> Noted:
    about = f"session:{session.id}"
    subject = f"{session.course}/{session.lesson}" if session.lesson else about
    learned = Learned(
        Kind(session.kind), about, subject, session.title, session.minutes, way, now, session.area
    )
    return record.note(person, learned, is_sqlite=is_sqlite)
