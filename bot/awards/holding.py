"""A parent's own certificates: read, named once, kept after an erasure or not."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import facts, issuing, serials, stars
from bot.awards.stars import Stars
from bot.clock import day
from bot.errors import InvalidInput, NotFound
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates

#: Signs of a name; so many digits in it are a number of something.
NAME_MOST = 12
_NUMBER = re.compile(r"\d{4}")


def of(person: Person) -> Select[Any]:
    """Return somebody's certificates, the newest first."""
    return select(certificates).where(mine(person)).order_by(certificates.c.id.desc())


def mine(person: Person) -> ColumnElement[bool]:
    """Return the condition of somebody's certificates."""
    c = certificates.c
    return (c.account == person[0]) & (c.openid == person[1])


async def listed(rt: Runtime, person: Person) -> list[Any]:
    """Return somebody's certificates, seen by this; what is earned and lacking is issued first."""
    async with rt.db.read() as tx:
        is_due = await issuing.is_due(rt, tx, person)
    if is_due:
        async with rt.db.write() as tx:
            await issuing.issue(rt, tx, [person])
    async with rt.db.read() as tx:
        found = list((await tx.execute(of(person))).all())
    if any(row.seen_at is None for row in found):
        async with rt.db.write() as tx:
            await tx.execute(seen(mine(person), rt.clock.now()))
    return found


def seen(which: ColumnElement[bool], now: datetime) -> Update:
    """Return the statement that notes that a parent has seen certificates or was told of them."""
    unseen = certificates.c.seen_at.is_(None)
    return update(certificates).where(which, unseen).values(seen_at=now)


async def one(tx: AsyncConnection, person: Person, text: str) -> Any:
    """Return a certificate of somebody.

    Raises:
        NotFound: there is none of that serial, or it is another person's.
    """
    serial = serials.read(text) or ""
    wanted = select(certificates).where(mine(person), certificates.c.serial == serial)
    row = (await tx.execute(wanted)).first()
    if row is None:
        raise NotFound
    return row


async def counted(rt: Runtime, person: Person) -> tuple[Stars, dict[str, int]]:
    """Return somebody's stars and what they come from."""
    async with rt.db.read() as tx:
        rows = (await tx.execute(facts.record_of([person]))).all()
        finished = (await tx.execute(facts.finished_of([person]))).all()
        held = (await tx.scalars(select(certificates.c.rule).where(mine(person)))).all()
    return told(rt, rows, finished, held)


def told(rt: Runtime, rows: Any, finished: Any, held: Any) -> tuple[Stars, dict[str, int]]:
    """Return stars and counts of rows that were read; a star once certified is not lost."""
    counts = facts.count(facts.Learner(rows, finished))
    least = max((star_of(rule) for rule in held), default=0)
    return stars.of(counts, day(rt.clock.now()), least=least), counts


def star_of(rule: str) -> int:
    """Return the star of a rule; 0: it is none of a star."""
    kind, _, number = rule.partition("-")
    return int(number) if kind == issuing.STAR and number.isdigit() else 0


def read_name(text: str) -> str:
    """Return the name somebody typed, its spaces made one.

    Raises:
        InvalidInput: `long`, `number` or `odd`, sentences of the template.
    """
    name = " ".join(text.split())
    if len(name) > NAME_MOST:
        raise InvalidInput("long")
    if _NUMBER.search(name):
        raise InvalidInput("number")
    if not name.isprintable() or any(sign in name for sign in "<>{}[]\\/@#"):
        raise InvalidInput("odd")
    return name


async def keep(tx: AsyncConnection, person: Person, *, wish: bool) -> None:
    """Note whether somebody's certificates stay verifiable after everything is erased."""
    await tx.execute(update(certificates).where(mine(person)).values(is_kept=wish))
