"""The audit log as one person may see it: filtered, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.console.tables import audits
from bot.people.actor import Actor

READ = "audit.read"
#: Rows of one export.
MOST = 50_000
_TOLD = ("before", "after", "why")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; `actions` are the known ones whose Chinese name fits."""

    who: str = ""
    actions: Sequence[str] | None = None
    target: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row, its detail taken apart: `change` holds (field, before, after)."""

    number: int
    at: datetime
    login: str
    action: str
    target: str
    area: str
    change: Sequence[tuple[str, str, str]]
    why: str
    more: Sequence[tuple[str, str]]
    detail: str


def _fits(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    condition = actor.sees(READ, audits.c.area) & true()
    if wanted.who:
        condition = condition & audits.c.login.contains(wanted.who.lower(), autoescape=True)
    if wanted.actions is not None:
        condition = condition & audits.c.action.in_(wanted.actions)
    if wanted.target:
        words = wanted.target
        condition = condition & or_(
            audits.c.target.contains(words, autoescape=True),
            audits.c.area.contains(words, autoescape=True),
        )
    if wanted.since:
        condition = condition & (audits.c.at >= _start(wanted.since))
    if wanted.until:
        condition = condition & (audits.c.at < _start(wanted.until + timedelta(days=1)))
    return condition


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=GUANGZHOU)


async def count(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Return how many rows fit."""
    rows = select(func.count()).select_from(audits).where(_fits(actor, wanted))
    return await tx.scalar(rows) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Wanted, *, offset: int = 0, limit: int = MOST
) -> list[Record]:
    """Return the rows that fit, the newest first."""
    rows = await tx.execute(
        select(audits)
        .where(_fits(actor, wanted))
        .order_by(audits.c.number.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_record(row) for row in rows]


def _record(row: Any) -> Record:
    try:
        detail = json.loads(row.detail)
    except ValueError:  # somebody changed the row; the chain tells
        detail = {}
    before, after = (_fields(detail.get(name)) for name in ("before", "after"))
    return Record(
        number=row.number,
        at=row.at,
        login=row.login,
        action=row.action,
        target=row.target,
        area=row.area,
        change=[(k, before.get(k, ""), after.get(k, "")) for k in {**before, **after}],
        why=str(detail.get("why") or ""),
        more=[(k, _plain(v)) for k, v in detail.items() if k not in _TOLD],
        detail=row.detail,
    )


def _fields(value: Any) -> dict[str, str]:
    if value in (None, "", {}):
        return {}
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return {"": _plain(value)}


def _plain(value: Any) -> str:
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
