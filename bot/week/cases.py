"""Case cards for other media: told only while everybody in them agrees; packs are handed out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.week import access
from bot.week.access import EDIT
from bot.week.wall_tables import agreements, cards, packs, photos

_CODE_BYTES = 6
#: Characters of each text; `brief` and `full` are the two lengths editors ask for.
LENGTHS = {
    "title": 60, "who": 120, "what": 600, "result": 300, "evidence": 300, "brief": 300, "full": 800
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a card may be told: somebody has agreed, and nobody took it back."""

    given: int
    withdrawn: int

    @property
    def is_green(self) -> bool:
        """Say whether it may."""
        return self.given > 0 and not self.withdrawn


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the cards somebody may work on."""
    return access.seen(actor, EDIT, cards.c.area)


async def listed(tx: AsyncConnection, actor: Actor) -> list[tuple[Row[Any], Standing]]:
    """Return the cards with how their consents stand, the newest first."""
    rows = await tx.execute(
        select(cards).where(seen(actor)).order_by(cards.c.year.desc(), cards.c.id.desc()).limit(300)
    )
    found = list(rows.all())
    stand = await standings(tx, [row.id for row in found])
    return [(row, stand[row.id]) for row in found]


async def one(tx: AsyncConnection, actor: Actor, number: int) -> Row[Any]:
    """Return a card.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    row = (await tx.execute(select(cards).where(seen(actor), cards.c.id == number))).first()
    if row is None:
        raise NotFound
    return row


async def standings(tx: AsyncConnection, numbers: Sequence[int]) -> dict[int, Standing]:
    """Return how the consents of cards stand."""
    rows = await tx.execute(
        select(agreements.c.card, agreements.c.withdrawn_at).where(agreements.c.card.in_(numbers))
    )
    given = dict.fromkeys(numbers, 0)
    withdrawn = dict.fromkeys(numbers, 0)
    for row in rows:
        (given if row.withdrawn_at is None else withdrawn)[row.card] += 1
    return {n: Standing(given[n], withdrawn[n]) for n in numbers}


async def consents(tx: AsyncConnection, card: int) -> list[Row[Any]]:
    """Return who agreed, in the order they were noted."""
    wanted = select(agreements).where(agreements.c.card == card).order_by(agreements.c.id)
    return list((await tx.execute(wanted)).all())


async def pictures(tx: AsyncConnection, card: int) -> list[Row[Any]]:
    """Return the photos of a card."""
    wanted = select(photos).where(photos.c.card == card).order_by(photos.c.position)
    return list((await tx.execute(wanted)).all())


async def handed_out(tx: AsyncConnection, card: int) -> list[Row[Any]]:
    """Return the packs of a card, the newest first."""
    wanted = select(packs).where(packs.c.card == card).order_by(packs.c.id.desc())
    return list((await tx.execute(wanted)).all())


async def put(
    rt: Runtime, tx: AsyncConnection, actor: Actor, values: dict[str, Any], before: Row[Any] | None,
    revision: int,
) -> int:  # fmt: skip
    """Add a card or change one; returns its number.

    Raises:
        NotAllowed: it lies outside.
        InvalidInput: somebody else has changed it in the meantime.
    """
    access.require(actor, EDIT, values["area"])
    now = rt.clock.now()
    whole = values | {"changed_at": now, "changed_by": actor.id, "changed_name": actor.name}
    if before is None:
        code = secrets.token_hex(_CODE_BYTES)
        row = whole | {"code": code, "revision": 1}
        made = await tx.execute(insert(cards).values(row).returning(cards.c.id))
        number = int(made.scalar_one())
    else:
        number = before.id
        same = (cards.c.id == number) & (cards.c.revision == revision)
        done = await tx.execute(
            update(cards).where(same).values(whole | {"revision": revision + 1})
        )
        if done.rowcount != 1:
            raise InvalidInput("case.changed_meanwhile")
    await audit.note(
        rt, tx, actor, "case.saved", f"case:{number}", area=values["area"], title=values["title"]
    )
    return number


async def agree(
    rt: Runtime, tx: AsyncConnection, actor: Actor, card: Row[Any], *,
    name: str, scope: str, given_on: date, proof: str,
) -> None:  # fmt: skip
    """Note that somebody in the card agreed on paper."""
    await tx.execute(
        insert(agreements).values(
            card=card.id, name=name, scope=scope, given_on=given_on, proof=proof
        )
    )
    await audit.note(rt, tx, actor, "case.agreed", f"case:{card.id}", area=card.area, scope=scope)


async def take_back(
    rt: Runtime, tx: AsyncConnection, actor: Actor, card: Row[Any], number: int
) -> None:
    """Note that somebody took their consent back: the card ends, its packs are marked.

    Raises:
        NotFound: the consent is none of this card's, or is taken back already.
    """
    mine = (agreements.c.id == number) & (agreements.c.card == card.id)
    standing = mine & agreements.c.withdrawn_at.is_(None)
    now = rt.clock.now()
    # the name goes with the consent; that one was given and taken back stays as proof
    values = {"withdrawn_at": now, "name": "", "proof": ""}
    done = await tx.execute(update(agreements).where(standing).values(values))
    if done.rowcount != 1:
        raise NotFound
    await recall(tx, cards.c.id == card.id, now)
    await audit.note(rt, tx, actor, "case.withdrawn", f"case:{card.id}", area=card.area)


async def recall(tx: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Empty the cards, let their photos go, and mark every pack that was handed out."""
    numbers = select(cards.c.id).where(which)
    marked = packs.c.card.in_(numbers) & packs.c.recalled_at.is_(None)
    await tx.execute(update(packs).where(marked).values(recalled_at=now))
    await tx.execute(update(photos).where(photos.c.card.in_(numbers)).values(card=0))
    empty = dict.fromkeys(("who", "what", "result", "evidence", "brief", "full"), "")
    await tx.execute(update(cards).where(which).values(empty | {"post": None}))


async def forget_photo(tx: AsyncConnection, card: int, name: str) -> None:
    """Let a photo of a card go; the job deletes its file."""
    mine = (photos.c.card == card) & (photos.c.name == name)
    await tx.execute(update(photos).where(mine).values(card=0))
