"""What the pages of a ticket show: told apart by whether the words may be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.visit import Visit
from bot.dialogue import stored
from bot.dialogue.tables import inbox
from bot.handoff import access, queries, sending
from bot.handoff.access import Access
from bot.handoff.queries import Ticket
from bot.handoff.tables import Side, State
from bot.handoff.window import Window
from bot.library.tables import decisions, published
from bot.org import tree
from bot.wechat import errors
from bot.wechat.replies import TextReply
from knowledge.topics import topics

_TURNS = 5
_TRIED = timedelta(days=2)
_SEND = "message/custom/send"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything one page of a ticket needs."""

    ticket: Ticket
    window: Window
    access: Access | None
    talk: list[dict[str, Any]]
    tried: list[dict[str, Any]]
    turns: list[dict[str, str]]
    names: dict[str, str]

    @property
    def is_readable(self) -> bool:
        """Say whether the parent's words may be shown."""
        return self.access is not None and self.access.is_live


async def sheet(visit: Visit, tx: AsyncConnection, number: int) -> Sheet:
    """Read a ticket for a page; words are only read where they may be shown.

    Raises:
        NotFound: there is none that this person may see.
    """
    ticket = await queries.get(tx, visit.actor, number)
    stands = await access.current(tx, visit.actor, ticket, visit.now)
    is_readable = stands is not None and stands.is_live
    return Sheet(
        ticket=ticket,
        window=await sending.window_of(visit.rt, tx, ticket),
        access=stands,
        talk=await _talk(visit, tx, ticket, is_readable=is_readable),
        tried=await _tried(visit, tx, ticket),
        turns=await _turns(visit, tx, ticket) if is_readable else [],
        names=await words(visit, tx, ticket),
    )


async def words(visit: Visit, tx: AsyncConnection, ticket: Ticket) -> dict[str, str]:
    """Return what place, topic, stage, category and owner of a ticket are called."""
    units = await tree.named(tx, [ticket.area])
    owners = await queries.names(tx, [ticket.claimed_by])
    unit = units.get(ticket.area)
    return {
        "area": unit.name if unit else visit.text("inbox.area_unknown"),
        "topic": topic_name(visit, ticket.topic),
        "stage": visit.text(f"inbox.stage_{ticket.stage or 'unknown'}"),
        "category": visit.text(f"inbox.category_{ticket.category}") if ticket.category else "",
        "owner": owners.get(ticket.claimed_by or 0, ""),
    }


def topic_name(visit: Visit, topic: str) -> str:
    """Return what a topic is called, a leaf or a whole top."""
    known = topics()
    if topic in known:
        return known[topic].name
    tops = {leaf.partition(".")[0]: t.top_name for leaf, t in known.items()}
    return tops.get(topic) or visit.text("inbox.topic_unknown")


async def _talk(
    visit: Visit, tx: AsyncConnection, ticket: Ticket, *, is_readable: bool
) -> list[dict[str, Any]]:
    rows = await queries.said(tx, ticket.code)
    names = await queries.names(tx, [row.by for row in rows])
    return [
        {
            "side": row.side,
            "at": row.at,
            "who": names.get(row.by, ""),
            "title": visit.text(f"inbox.line_{row.what}") if row.what else "",
            "is_hidden": row.side == Side.PARENT and not is_readable,
            "text": row.text if row.side == Side.STAFF or is_readable else "",
            "is_gone": not row.text and row.side != Side.SYSTEM,
            "state": row.state or "",
            "fault": _fault(visit, row) if row.state in ("refused", "unknown") else "",
        }
        for row in rows
    ]


def _fault(visit: Visit, row: Any) -> str:
    """Return why a message did not arrive, or why nobody knows."""
    if row.errcode is None:
        return visit.text(f"inbox.fault_{row.state}")
    answer = errors.classify(row.errcode, "", _SEND).answer
    return visit.text("inbox.fault_code", meaning=answer.meaning, remedy=answer.remedy)


async def _tried(visit: Visit, tx: AsyncConnection, ticket: Ticket) -> list[dict[str, Any]]:
    """Return what the bot has answered lately: entries, never the words of the question."""
    if not ticket.asker:
        return []
    rows = await tx.execute(
        select(decisions.c.at, decisions.c.band, decisions.c.entry, published.c.content)
        .outerjoin(published, published.c.entry == decisions.c.entry)
        .where(decisions.c.at > ticket.opened_at - _TRIED, decisions.c.asker == ticket.asker)
        .order_by(decisions.c.id.desc())
        .limit(_TURNS)
    )
    return [
        {
            "at": row.at,
            "title": json.loads(row.content)["summary"] if row.content else "",
            "text": row.entry or "",
            "band": visit.text(f"inbox.band_{row.band}"),
        }
        for row in rows
    ]


async def _turns(visit: Visit, tx: AsyncConnection, ticket: Ticket) -> list[dict[str, str]]:
    """Return the last turns with the bot as the parent's phone showed them, oldest first."""
    if ticket.state == State.CLOSED and not ticket.openid:
        return []
    kept = timedelta(hours=visit.rt.settings.inbox_hours)
    rows = await tx.execute(
        select(inbox.c.content, inbox.c.reply)
        .where(inbox.c.account == ticket.account, inbox.c.openid == ticket.openid)
        .where(inbox.c.content != "", inbox.c.reply != "")
        .where(inbox.c.received_at > visit.now - kept)
        .order_by(inbox.c.id.desc())
        .limit(_TURNS)
    )
    told = []
    for row in reversed(rows.all()):
        reply = stored.loads(row.reply)
        said = reply.text if isinstance(reply, TextReply) else visit.text("inbox.not_text")
        told += [{"side": "parent", "text": row.content}, {"side": "account", "text": said}]
    return told
