"""Who waits for an answer that there is now: wishes of solved gaps, by parent and entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation import gap_queries
from bot.curation.gap_rows import GapState
from bot.curation.tables import gap_questions, gaps
from bot.dialogue.tables import inbox
from bot.library.tables import published, wishes
from bot.org import scope
from bot.people import quiet
from bot.people.actor import Actor
from knowledge import entry as reading
from knowledge.entry import Entry

#: How long a parent's message lets the account write to them.
#: Source: 客服消息, WECHAT.md R1 (48 hours after a message; other actions open it for a minute).
WINDOW = timedelta(hours=48)
#: Messages looked at to find out who is back; the job runs far more often.
_BACK = timedelta(minutes=20)
_MESSAGES = ("Text", "Image", "Voice", "Video", "ShortVideo", "Location", "Link", "File")
_PAGE = 500


class Wish(StrEnum):
    """What became of the wish to be told."""

    WAITING = "waiting"
    #: Claimed by a process that sends it now.
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    #: The request's outcome was never learnt; never sent again.
    UNKNOWN = "unknown"
    #: There is an answer, but the parent may not be written to until they write again.
    HELD = "held"
    #: The parent left, or wants no messages any more.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Due:
    """One parent and the entry they are told of; several questions of theirs need one message."""

    account: str
    openid: str
    asker: str
    wishes: tuple[int, ...]
    wished_at: datetime
    text: str
    area: str
    asked_at: datetime
    entry: Entry
    version: str
    window_open: bool


_solved: Select[Any] = (
    select(
        wishes.c.id, wishes.c.account, wishes.c.openid, wishes.c.asker, wishes.c.at,
        wishes.c.told_at, gap_questions.c.text, gap_questions.c.area,
        gap_questions.c.at.label("asked_at"), published.c.entry, published.c.version,
    )
    .join(
        gap_questions,
        (gap_questions.c.asker == wishes.c.asker) & (gap_questions.c.code == wishes.c.code),
    )
    .join(gaps, (gaps.c.id == gap_questions.c.gap) & (gaps.c.state == GapState.SOLVED))
    .join(published, published.c.entry == gaps.c.entry)
    .order_by(wishes.c.id)
)  # fmt: skip


async def fresh(tx: AsyncConnection, now: datetime) -> list[Due]:
    """Return whose question has an answer they have not been told of, and who may be told now."""
    wanted = _solved.where(wishes.c.state == Wish.WAITING, ~_is_quiet(now))
    rows = [r async for r in _pages(tx, wanted)]
    spoken = await _spoken(tx, {r.openid for r in rows}, now - WINDOW)
    return await _due(tx, rows, {(r.account, r.openid) for r in rows if r.openid in spoken})


async def back(tx: AsyncConnection, now: datetime) -> list[Due]:
    """Return who could not be told before and has written again since."""
    held = await tx.execute(
        select(wishes.c.id, wishes.c.openid, wishes.c.told_at).where(
            wishes.c.state == Wish.HELD, ~_is_quiet(now)
        )
    )
    listed = held.all()
    spoken = await _spoken(tx, None, now - _BACK) if listed else {}
    numbers = [r.id for r in listed if spoken.get(r.openid, r.told_at) > r.told_at][:_PAGE]
    rows = (await tx.execute(_solved.where(wishes.c.id.in_(numbers)))).all()
    return await _due(tx, rows, {(r.account, r.openid) for r in rows})


def _is_quiet(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a parent is left alone after a crisis."""
    return quiet.has_quiet(wishes.c.account, wishes.c.openid, now)


async def _pages(tx: AsyncConnection, query: Select[Any]) -> Any:
    last = 0
    while rows := (await tx.execute(query.where(wishes.c.id > last).limit(_PAGE))).all():
        for row in rows:
            yield row
        last = rows[-1].id


async def _spoken(
    tx: AsyncConnection, people: Iterable[str] | None, since: datetime
) -> dict[str, datetime]:
    """Return when parents last wrote, of those who did since; None asks for everybody."""
    query = (
        select(inbox.c.openid, func.max(inbox.c.received_at).label("at"))
        .where(inbox.c.received_at > since, inbox.c.kind.in_(_MESSAGES))
        .group_by(inbox.c.openid)
    )
    if people is None:
        return {r.openid: r.at for r in await tx.execute(query)}
    found: dict[str, datetime] = {}
    listed = sorted(people)
    for start in range(0, len(listed), _PAGE):
        part = query.where(inbox.c.openid.in_(listed[start : start + _PAGE]))
        found |= {r.openid: r.at for r in await tx.execute(part)}
    return found


async def _due(
    tx: AsyncConnection, rows: Sequence[Any], reachable: set[tuple[str, str]]
) -> list[Due]:
    """Put rows together by parent and entry; an entry of one place is no answer elsewhere."""
    contents = await tx.execute(
        select(published.c.entry, published.c.content).where(
            published.c.entry.in_({r.entry for r in rows})
        )
    )
    known = {r.entry: reading.from_json(r.content) for r in contents}
    grouped: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows:
        if scope.contains(known[row.entry].area, row.area):
            grouped.setdefault((row.account, row.openid, row.entry), []).append(row)
    return [
        Due(
            account, openid, parts[0].asker, tuple(p.id for p in parts), max(p.at for p in parts),
            parts[0].text, parts[0].area, parts[0].asked_at, known[entry], parts[0].version,
            (account, openid) in reachable,
        )
        for (account, openid, entry), parts in grouped.items()
    ]  # fmt: skip


async def count(tx: AsyncConnection, actor: Actor, gap: int) -> int:
    """Return how many wishes to be told wait at a gap, of questions this person may see."""
    query = (
        select(func.count(wishes.c.id))
        .join(
            gap_questions,
            (gap_questions.c.asker == wishes.c.asker) & (gap_questions.c.code == wishes.c.code),
        )
        .join(gaps, gaps.c.id == gap_questions.c.gap)
        .where(
            gaps.c.id == gap,
            wishes.c.state.in_([Wish.WAITING, Wish.HELD]),
            gap_queries.seen(actor),
        )
    )
    return await tx.scalar(query) or 0
