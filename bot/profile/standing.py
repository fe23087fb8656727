"""Which of a parent's wishes count now, as the page of one's own data shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import consents
from bot.people.consents import Kind
from bot.people.families import Person, guardians
from bot.people.followers import followers


@dataclass(frozen=True, slots=True)
class Standing:
    """`lessons`, `events`, `research`: agreed to. `all`: not everything is turned off.

    `personal` is None where nothing is known that content could be chosen by.
    """

    lessons: bool
    events: bool
    all: bool
    research: bool
    personal: bool | None


async def read(tx: AsyncConnection, person: Person) -> Standing:
    """Return a parent's wishes as they stand."""
    given = await consents.standing(tx, person)
    off_at = await tx.scalar(
        select(followers.c.reminders_off_at).where(
            followers.c.account == person[0], followers.c.openid == person[1]
        )
    )
    guardian = (
        await tx.execute(
            select(guardians.c.personal_off_at).where(
                guardians.c.account == person[0], guardians.c.openid == person[1]
            )
        )
    ).first()
    return Standing(
        lessons=given.get(Kind.LESSONS, False) and off_at is None,
        events=given.get(Kind.EVENTS, False) and off_at is None,
        all=off_at is None,
        research=given.get(Kind.RESEARCH, False),
        personal=None if guardian is None else guardian.personal_off_at is None,
    )
