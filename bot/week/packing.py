"""A case as a file for an editor: two lengths of text, photos, and a link that counts by source."""

from __future__ import annotations

import asyncio
import hashlib
import io
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Row, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.console import audit
from bot.errors import InvalidInput
from bot.h5.links import page
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.week import cases, photos, wall
from bot.week.wall_tables import links, packs
from bot.week.wall_tables import photos as photo_rows

#: Letters of a short address; without those that are read for one another.
_ALPHABET, _CHARS = "23456789abcdefghjkmnpqrstuvwxyz", 8
_TARGET = "/h/week"
_FIRST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """A file that was handed out."""

    name: str
    content: bytes


async def pack(rt: Runtime, actor: Actor, number: int, source: str) -> Pack:
    """Make a pack for one medium, with its own link, and note that it was handed out.

    Raises:
        NotFound: there is no such card, or it lies outside.
        InvalidInput: not everybody in it agrees, or a text is missing.
    """
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARS))
    async with rt.db.read() as tx:
        card = await cases.one(tx, actor, number)
        await _check(tx, card)
        pictures = await cases.pictures(tx, number)
    content = await asyncio.to_thread(_packed, rt, card, pictures, _address(rt, code), source)
    async with rt.db.write() as tx:
        card = await cases.one(tx, actor, number)
        await _check(tx, card)  # somebody may have taken their word back meanwhile
        await _note(rt, tx, actor, card, code, source, content)
    return Pack(f"case-{card.code}-{day(rt.clock.now()).isoformat()}.zip", content)


async def _check(tx: AsyncConnection, card: Row[Any]) -> None:
    standing = (await cases.standings(tx, [card.id]))[card.id]
    if not standing.is_green:
        raise InvalidInput("case.not_green")
    if not (card.brief and card.full):
        raise InvalidInput("case.no_text")


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, card: Row[Any], code: str, source: str,
    content: bytes,
) -> None:  # fmt: skip
    now = rt.clock.now()
    await tx.execute(
        insert(links).values(code=code, card=card.id, source=source, target=_TARGET, made_at=now)
    )
    await tx.execute(
        insert(packs).values(
            card=card.id, at=now, by=actor.id, by_name=actor.name, source=source, link=code,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )  # fmt: skip
    await audit.note(rt, tx, actor, "case.packed", f"case:{card.id}", area=card.area, source=source)


def _address(rt: Runtime, code: str) -> str:
    return page(rt, f"s/{code}") or f"/h/s/{code}"


def _packed(
    rt: Runtime, card: Row[Any], pictures: Sequence[Row[Any]], address: str, source: str
) -> bytes:
    """Return the ZIP; names inside are ASCII, and no time of anybody's machine is in it."""
    said = _words()
    values = {name: getattr(card, name) for name in cases.LENGTHS}
    values |= {"link": address, "source": source}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in said.items():
            _add(file, name, ("\ufeff" + text.format(**values)).encode())
        for n, one in enumerate(pictures, 1):
            content = photos.read(rt, one.name)
            if content is not None:
                _add(file, f"photos/{n:02}.jpg", content)
    return made.getvalue()


def _add(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, date_time=_FIRST), content, zipfile.ZIP_DEFLATED)


async def take_photos(rt: Runtime, actor: Actor, number: int, files: Sequence[bytes]) -> None:
    """Add photos to a card.

    Raises:
        NotFound: there is no such card, or it lies outside.
        InvalidInput: a file is no photo, or there are too many.
    """
    async with rt.db.read() as tx:
        await cases.one(tx, actor, number)
        there = len(await cases.pictures(tx, number))
    if there + len(files) > photos.COUNT_MAX:
        raise InvalidInput("photo.too_many")
    try:
        drawn = await photos.drawn(rt, files)
    except photos.NotAPhoto as error:
        raise InvalidInput(f"photo.{error}") from error
    names = [await asyncio.to_thread(photos.keep, rt, one) for one in drawn]
    async with rt.db.write() as tx:
        card = await cases.one(tx, actor, number)
        await wall.attach(tx, names, drawn, rt.clock.now(), card=number)
        mine = (photo_rows.c.card == number) & photo_rows.c.name.in_(names)
        moved = photo_rows.c.position + there
        await tx.execute(update(photo_rows).where(mine).values(position=moved))
        await audit.note(
            rt, tx, actor, "case.photos", f"case:{number}", area=card.area, count=len(names)
        )


@cache
def _words() -> Mapping[str, str]:
    path = Path(__file__).with_name("pack.yaml")
    found: Mapping[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
