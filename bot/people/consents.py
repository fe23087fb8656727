"""What parents agreed to or took back: rows are only added, the last one of a kind counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.families import Person, consents

#: Notes a row to be written with the turn (`Turn.write`).
Write = Callable[[Executable, Mapping[str, Any]], None]


class Kind(StrEnum):
    """What a parent may agree to."""

    SERVICE = "service"
    LESSONS = "lessons"
    EVENTS = "events"
    RESEARCH = "research"


_save = insert(consents).values({c.name: bindparam(c.name) for c in consents.c if c.name != "id"})
_nobody: ColumnElement[str] = literal_column("''")
# `last`: what was agreed to earlier in the same batch must go as well
_forget = (
    update(consents)
    .where(consents.c.account == bindparam("owner"), consents.c.openid == bindparam("parent"))
    .values(account=_nobody, openid=_nobody)
    .execution_options(last=True)
)


def note(
    write: Write, person: Person, kind: Kind, now: datetime, *, given: bool, version: str
) -> None:
    """Note that a parent agrees or takes it back, and to which version of the privacy text."""
    row = {
        "account": person[0],
        "openid": person[1],
        "kind": kind,
        "version": version,
        "is_given": given,
        "at": now,
    }
    write(_save, row)


def forget(write: Write, person: Person) -> None:
    """Note that nobody can tell any more whose consents these were; the rows stay as proof."""
    write(_forget, {"owner": person[0], "parent": person[1]})


async def standing(tx: AsyncConnection, person: Person) -> dict[str, bool]:
    """Return what counts now, by kind; a kind never asked for is left out."""
    rows = await tx.execute(
        select(consents.c.kind, consents.c.is_given)
        .where(consents.c.account == person[0], consents.c.openid == person[1])
        .order_by(consents.c.id)
    )
    return {row.kind: row.is_given for row in rows}
