"""What went wrong, as rows that open once and close: the console shows them, nobody reads logs.

Kept down here because whoever sends reports: a quota used up, a secret refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.tables import incident
from bot.wechat.errors import Gone, Quota, Refused, WeChatError, known_codes

#: Refusals that are about one parent, not about the account.
_OF_ONE_PARENT = frozenset(
    (40029, 40163, 41008, 42003, 43004, 43101, 45015, 45047, 45080, 45081, 49003)
)
#: What an accepted token proves to be over.
TOKEN_CODES = (40001, 40002, 40013, 40014, 40125, 40164, 40243, 41002, 41004, 42001)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; `values` fill the sentence that belongs to its key."""

    id: int
    key: str
    since: datetime
    last_at: datetime
    count: int
    values: Mapping[str, Any]
    resolved_at: datetime | None


async def report(tx: AsyncConnection, key: str, at: datetime, **values: Any) -> None:
    """Open an incident, or count once more while it is open; values are never personal data."""
    await tx.run_sync(lambda plain: report_in(plain, key, at, **values))


def report_in(tx: Connection, key: str, at: datetime, **values: Any) -> None:
    """Do as `report` on a plain connection."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    detail = json.dumps(values, ensure_ascii=False, sort_keys=True)
    row = dialect.insert(incident).values(
        key=key, since=at, last_at=at, count=1, detail=detail, resolved_at=None
    )
    again = row.on_conflict_do_update(
        index_elements=[incident.c.key],
        index_where=incident.c.resolved_at.is_(None),
        set_={"last_at": at, "count": incident.c["count"] + 1, "detail": detail},
    )
    tx.execute(again)


async def resolve(tx: AsyncConnection, keys: Collection[str], at: datetime) -> int:
    """Close what is open under these keys; returns how many."""
    mine = (incident.c.resolved_at.is_(None), incident.c.key.in_(list(keys)))
    done = await tx.execute(update(incident).where(*mine).values(resolved_at=at))
    return done.rowcount


async def open_keys(tx: AsyncConnection) -> list[str]:
    """Return the keys of what is open."""
    found = await tx.scalars(select(incident.c.key).where(incident.c.resolved_at.is_(None)))
    return list(found)


async def listed(tx: AsyncConnection, *, since: datetime | None = None) -> list[Incident]:
    """Return what is open, and what was seen since then, newest first."""
    is_open = incident.c.resolved_at.is_(None)
    seen = is_open if since is None else or_(is_open, incident.c.last_at >= since)
    rows = (
        await tx.execute(select(incident).where(seen).order_by(incident.c.last_at.desc()))
    ).all()
    return [_of(tuple(row)) for row in rows]


def _of(cells: tuple[Any, ...]) -> Incident:
    number, key, since, last_at, count, detail, resolved_at = cells
    return Incident(number, key, since, last_at, count, json.loads(detail), resolved_at)


async def forget(tx: AsyncConnection, before: datetime) -> int:
    """Delete what was over before then; returns how many."""
    return (await tx.execute(delete(incident).where(incident.c.resolved_at < before))).rowcount


def key_of(error: WeChatError) -> str | None:
    """Return the key of a refusal that is about the account, None where it is about one parent."""
    if error.code is None or isinstance(error, Gone) or error.code in _OF_ONE_PARENT:
        return None
    if not isinstance(error, Refused | Quota) and error.code not in TOKEN_CODES:
        return None
    return f"wechat.{error.code if error.code in known_codes() else 'other'}"


async def report_refusal(tx: AsyncConnection, error: WeChatError, at: datetime) -> None:
    """Open an incident for a refusal of the platform, if it is about the account."""
    await tx.run_sync(lambda plain: report_refusal_in(plain, error, at))


def report_refusal_in(tx: Connection, error: WeChatError, at: datetime) -> None:
    """Do as `report_refusal` on a plain connection."""
    key = key_of(error)
    if key is not None:
        answer = error.answer
        report_in(
            tx,
            key,
            at,
            code=error.code,
            api=answer.api,
            meaning=answer.meaning,
            remedy=answer.remedy,
            rid=answer.rid,
        )
