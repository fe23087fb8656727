"""Messages, the state of the talk, following and links, read for the parent they are about."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import stored
from bot.dialogue.conversation import Talk
from bot.dialogue.tables import conversation, inbox
from bot.h5.tables import parent_links, parent_sessions
from bot.org import tree
from bot.people.families import Person
from bot.people.followers import followers
from bot.people.kept import Kept, kept, word
from bot.profile import family_export
from bot.profile.jobs import TALK_DAYS
from bot.runtime import Runtime
from bot.wechat.replies import NewsReply, Reply, TextReply

_OWN = "profile"


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what the account itself keeps of this parent."""
    hours = rt.settings.inbox_hours
    said = await tx.execute(
        select(inbox)
        .where(inbox.c.account == person[0], inbox.c.openid == person[1])
        .order_by(inbox.c.id)
    )
    return (
        kept(_OWN, "messages", map(_message, said), days=math.ceil(hours / 24)),
        await _talk(tx, person),
        await _follower(tx, person),
        await _links(tx, person),
        await _sessions(tx, person),
        *await family_export.export(rt, tx, person),
    )


def _message(row: Row[Any]) -> tuple[object, ...]:
    reply = _words(stored.loads(row.reply))
    return (row.received_at, word(_OWN, "kind", row.kind), row.content, reply)


def _words(reply: Reply | None) -> str:
    if isinstance(reply, TextReply):
        return reply.text
    if isinstance(reply, NewsReply):
        return "\n".join(article.title for article in reply.articles)
    return ""


async def _talk(tx: AsyncConnection, person: Person) -> Kept:
    found = await tx.execute(
        select(conversation.c.state, conversation.c.updated_at).where(
            conversation.c.account == person[0], conversation.c.openid == person[1]
        )
    )
    rows = []
    for row in found.all():
        talk = Talk.from_json(row.state)
        places = await tree.named(tx, [talk.area])
        area = places[talk.area].name if talk.area in places else talk.area
        rest = "\n".join([*(one.words for one in talk.held), talk.rest])
        rows.append((row.updated_at, area, word(_OWN, "waits", _waits(talk)), rest.strip()))
    return kept(_OWN, "talk", rows, days=TALK_DAYS)


def _waits(talk: Talk) -> str:
    if talk.pending is not None:
        return str(talk.pending["kind"])
    if talk.desk is not None:
        return "person"
    if talk.flow is not None:
        return "flow"
    return "choice" if talk.choices is not None else ""


async def _follower(tx: AsyncConnection, person: Person) -> Kept:
    found = await tx.execute(
        select(followers).where(followers.c.account == person[0], followers.c.openid == person[1])
    )
    rows = [
        (
            word(_OWN, "follows", str(row.follows)),
            datetime.fromtimestamp(row.changed_s, UTC),
            row.scene,
            row.reminders_off_at,
            row.quiet_until,
        )
        for row in found
    ]
    return kept(_OWN, "follower", rows)


async def _links(tx: AsyncConnection, person: Person) -> Kept:
    links = parent_links.c
    found = await tx.execute(
        select(links.made_at, links.expires_at, links.uses)
        .where(links.account == person[0], links.openid == person[1])
        .order_by(links.made_at)
    )
    return kept(_OWN, "links", (tuple(row) for row in found), days=1)


async def _sessions(tx: AsyncConnection, person: Person) -> Kept:
    rows = parent_sessions.c
    found = await tx.execute(
        select(rows.made_at, rows.seen_at, rows.expires_at)
        .where(rows.account == person[0], rows.openid == person[1])
        .order_by(rows.made_at)
    )
    return kept(_OWN, "sessions", (tuple(row) for row in found), days=1)
