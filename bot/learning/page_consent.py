"""The consent to reminders of lessons on pages: given by choosing a time, as in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.h5 import privacy
from bot.people import consents
from bot.people.consents import Kind
from bot.people.families import Person
from bot.people.followers import followers


async def is_given(tx: AsyncConnection, person: Person) -> bool:
    """Say whether reminders of lessons are wanted, and not everything is turned off."""
    given = await consents.standing(tx, person)
    off = select(followers.c.reminders_off_at).where(*_mine(person))
    return given.get(Kind.LESSONS, False) and await tx.scalar(off) is None


async def give(tx: AsyncConnection, person: Person, now: datetime) -> None:
    """Note the consent that lies in choosing a time, unless it stands already."""
    if await is_given(tx, person):
        return
    noted: list[tuple[Executable, Mapping[str, Any]]] = []
    consents.note(
        lambda statement, row: noted.append((statement, row)), person, Kind.LESSONS, now,
        given=True, version=privacy.version(),
    )  # fmt: skip
    for one in noted:
        await tx.execute(*one)
    await tx.execute(update(followers).where(*_mine(person)).values(reminders_off_at=None))


def _mine(person: Person) -> tuple[Any, Any]:
    return followers.c.account == person[0], followers.c.openid == person[1]
