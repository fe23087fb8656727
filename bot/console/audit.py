"""Who did what: rows that can only be added, each sealed together with the one before.

The key of the seals lies outside the database, so whoever can change rows cannot seal them anew.
Source: OWASP ASVS 5.0.0, 16.4.2.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.tables import audits
from bot.people.actor import Actor
from bot.people.sealed import derived
from bot.runtime import Runtime

_LOCK = 4_105_2025
_PAGE = 2000
_SEALED = ("number", "at", "staff", "login", "action", "target", "area", "detail")
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, for the chain."""

    action: str
    target: str = ""
    area: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; `broken` is the first number that does not fit."""

    rows: int
    broken: int | None
    head: str


async def note(
    rt: Runtime,
    tx: AsyncConnection,
    actor: Actor | None,
    action: str,
    target: str = "",
    *,
    area: str = "",
    **detail: Any,
) -> None:
    """Add a row to the chain, in the transaction of the change it tells of."""
    await note_all(rt, tx, actor, [Deed(action, target, area, detail)])


async def note_all(
    rt: Runtime, tx: AsyncConnection, actor: Actor | None, deeds: Sequence[Deed]
) -> None:
    """Add a row for each of many deeds: three statements, however many they are."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        await tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = select(audits.c.number, audits.c.mac).order_by(audits.c.number.desc()).limit(1)
    last = (await tx.execute(newest)).first()
    number, mac = (last.number, last.mac) if last else (0, _FIRST)
    rows: list[dict[str, Any]] = []
    for deed in deeds:
        number += 1
        row = {
            "number": number,
            "at": rt.clock.now(),
            "staff": actor.id if actor else None,
            "login": actor.login if actor else "",
            "action": deed.action,
            "target": deed.target,
            "area": deed.area,
            "detail": json.dumps(deed.detail, ensure_ascii=False, sort_keys=True, default=str),
        }
        mac = row["mac"] = _mac(_key(rt), mac, row)
        rows.append(row)
    if rows:
        await tx.execute(insert(audits), rows)


async def verify(rt: Runtime) -> Verdict:
    """Walk the whole chain; also the heads noted in the data folder must be in it."""
    key, mac, number = _key(rt), _FIRST, 0
    heads = _heads(rt)
    async with rt.db.read() as tx:
        while rows := await _page(tx, number):
            for row in rows:
                expected = _mac(key, mac, row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
                fits = row.number == number + 1 and hmac.compare_digest(expected, row.mac)
                if not fits or heads.get(row.number, row.mac) != row.mac:
                    return Verdict(number, number + 1, mac)
                number, mac = row.number, row.mac
    missing = [n for n in heads if n > number]
    return Verdict(number, number + 1 if missing else None, mac)


async def _page(tx: AsyncConnection, after: int) -> Sequence[Any]:
    rows = await tx.execute(
        select(audits).where(audits.c.number > after).order_by(audits.c.number).limit(_PAGE)
    )
    return rows.all()


async def keep_head(rt: Runtime) -> None:
    """Note the newest seal in the data folder: rows cut off at the end are missed by it."""
    async with rt.db.read() as tx:
        last = (
            await tx.execute(
                select(audits.c.number, audits.c.mac).order_by(audits.c.number.desc()).limit(1)
            )
        ).first()
    if last is not None and last.number not in _heads(rt):
        path = _heads_path(rt)
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{last.number} {last.mac} {rt.clock.now().isoformat()}\n")


def _heads(rt: Runtime) -> dict[int, str]:
    try:
        lines = _heads_path(rt).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {int(line.split()[0]): line.split()[1] for line in lines if line.strip()}


def _heads_path(rt: Runtime) -> Path:
    return rt.settings.data / "audit-heads.txt"


def _key(rt: Runtime) -> bytes:
    return derived(rt.code_key, "audit")


def _mac(key: bytes, before: str, row: Any) -> str:
    said = [before, *(_plain(row[name]) for name in _SEALED)]
    return hmac.new(key, json.dumps(said, ensure_ascii=False).encode(), hashlib.sha256).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
