"""Stories of the wall: sent by a parent, looked at by the staff, taken back at any time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput, NotFound
from bot.people.families import Person
from bot.runtime import Runtime
from bot.week import cases, checking, photos
from bot.week.photos import Photo
from bot.week.wall_tables import agreements, cards, posts
from bot.week.wall_tables import photos as photo_rows

WAITING, SEEN, PUBLISHED, REJECTED = "waiting", "seen", "published", "rejected"
#: Stories one parent may have waiting at once.
WAITING_MAX = 3
_CODE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Story:
    """What a parent sends. `name` empty: nobody is named; `area` a district or the city."""

    title: str
    story: str
    name: str
    area: str
    consent: str
    photos: Sequence[Photo] = field(default=(), repr=False)


async def send(rt: Runtime, person: Person, year: int, story: Story) -> str:
    """Keep a story until somebody has looked at it; returns its code.

    Raises:
        InvalidInput: it holds a phone number or the like, or too many wait already.
    """
    why = checking.refused(story.title, story.story, story.name)
    if why:
        raise InvalidInput(why)
    names = [await asyncio.to_thread(photos.keep, rt, photo) for photo in story.photos]
    try:
        async with rt.db.write() as tx:
            return await _save(tx, person, year, story, names, rt.clock.now())
    except BaseException:
        await asyncio.to_thread(photos.drop, rt, names)
        raise


async def _save(
    tx: AsyncConnection, person: Person, year: int, story: Story, names: Sequence[str],
    now: datetime,
) -> str:  # fmt: skip
    waits = select(func.count()).where(of(person), posts.c.state.in_((WAITING, SEEN)))
    if (await tx.scalar(waits) or 0) >= WAITING_MAX:
        raise InvalidInput("too_many_waiting")
    code = secrets.token_hex(_CODE_BYTES)
    found = checking.doubts(story.title, story.story, story.name, photos=len(names))
    made = await tx.execute(
        insert(posts)
        .values(
            code=code, account=person[0], openid=person[1], year=year, area=story.area,
            title=story.title, story=story.story, name=story.name, consent=story.consent,
            sent_at=now, state=WAITING, doubts=" ".join(found), reason="",
        )
        .returning(posts.c.id)
    )  # fmt: skip
    await attach(tx, names, story.photos, now, post=int(made.scalar_one()))
    return code


async def attach(
    tx: AsyncConnection, names: Iterable[str], drawn: Iterable[Photo], now: datetime, *,
    post: int = 0, card: int = 0,
) -> None:  # fmt: skip
    """Note photos that were written as those of a story or a card."""
    rows = [
        {"name": name, "post": post, "card": card, "position": n, "width": one.width,
         "height": one.height, "at": now}
        for n, (name, one) in enumerate(zip(names, drawn, strict=True))
    ]  # fmt: skip
    if rows:
        await tx.execute(insert(photo_rows), rows)


async def withdraw(rt: Runtime, person: Person, code: str) -> None:
    """Take a story of this parent's back: rows and files are gone when this returns.

    Raises:
        NotFound: it is none of theirs.
    """
    async with rt.db.write() as tx:
        mine = of(person) & (posts.c.code == code)
        number = await tx.scalar(select(posts.c.id).where(mine))
        if number is None:
            raise NotFound
        now = rt.clock.now()
        told = agreements.c.card.in_(select(cards.c.id).where(cards.c.post == number))
        ended = {"withdrawn_at": now, "name": "", "proof": ""}
        await tx.execute(update(agreements).where(told).values(ended))
        await cases.recall(tx, cards.c.post == number, now)
        await tx.execute(delete(posts).where(posts.c.id == number))
        await tx.execute(update(photo_rows).where(photo_rows.c.post == number).values(post=0))
    await forget_files(rt)


async def forget_files(rt: Runtime) -> int:
    """Delete the files of photos that belong to nothing any more, then their rows."""
    nobodys = (photo_rows.c.post == 0) & (photo_rows.c.card == 0)
    async with rt.db.read() as tx:
        names = list((await tx.scalars(select(photo_rows.c.name).where(nobodys))).all())
    if names:
        await asyncio.to_thread(photos.drop, rt, names)
        async with rt.db.write() as tx:
            gone = photo_rows.c.name.in_(names)
            await tx.execute(delete(photo_rows).where(gone, nobodys))
    return len(names)


def of(person: Person) -> ColumnElement[bool]:
    """Return the condition of the stories of one parent."""
    return (posts.c.account == person[0]) & (posts.c.openid == person[1])


def published(year: int) -> Select[Any]:
    """Return the stories everybody may read, the newest decision first."""
    wanted = select(posts).where(posts.c.year == year, posts.c.state == PUBLISHED)
    return wanted.order_by(posts.c.decided_at.desc(), posts.c.id.desc())


async def shown(tx: AsyncConnection, code: str) -> Row[Any]:
    """Return a story everybody may read.

    Raises:
        NotFound: there is none.
    """
    wanted = (posts.c.code == code) & (posts.c.state == PUBLISHED)
    row = (await tx.execute(select(posts).where(wanted))).first()
    if row is None:
        raise NotFound
    return row


async def pictures(tx: AsyncConnection, numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the photos of stories by the story's number, in their order."""
    rows = await tx.execute(
        select(photo_rows)
        .where(photo_rows.c.post.in_(numbers))
        .order_by(photo_rows.c.post, photo_rows.c.position)
    )
    found: dict[int, list[Row[Any]]] = {number: [] for number in numbers}
    for row in rows:
        found[row.post].append(row)
    return found


async def is_public(tx: AsyncConnection, name: str) -> bool:
    """Say whether everybody may see a photo: that of a published story."""
    wanted = (
        select(posts.c.id)
        .join(photo_rows, photo_rows.c.post == posts.c.id)
        .where(photo_rows.c.name == name, posts.c.state == PUBLISHED)
    )
    return await tx.scalar(wanted) is not None


async def is_own(tx: AsyncConnection, name: str, person: Person) -> bool:
    """Say whether a photo is one of a parent's own story."""
    wanted = (
        select(posts.c.id)
        .join(photo_rows, photo_rows.c.post == posts.c.id)
        .where(photo_rows.c.name == name, of(person))
    )
    return await tx.scalar(wanted) is not None
