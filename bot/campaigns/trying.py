"""A trial on one's own phone: the console shows a code, the phone sends it, then it gets trials.

The code is six digits, good once and for ten minutes, and is only looked for when the whole message
is understood as a code; danger and questions come before it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    Executable,
    bindparam,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import articles, content
from bot.campaigns.draft import Campaign, Words
from bot.campaigns.tables import phones
from bot.db.base import Instant
from bot.db.upsert import upsert
from bot.delivery.order import LINK
from bot.dialogue.turn import Pass, Turn
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.people.families import Person
from bot.people.sealed import fingerprint
from bot.runtime import Runtime
from bot.wechat.errors import WeChatError
from bot.wechat.mass import MassArticle
from bot.wechat.replies import Article

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway

CODE_LIFE = timedelta(minutes=10)
_DIGITS = 6
_nothing: ColumnElement[str] = literal_column("''")
_link: Executable = (
    update(phones)
    .where(phones.c.staff == bindparam("whose"), phones.c.code == bindparam("used"))
    .values(
        code=_nothing, code_until=null(), account=bindparam("owner"), openid=bindparam("parent"),
        linked_at=bindparam("now", type_=Instant()),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of a colleague; `person` None: none is linked."""

    person: Person | None
    linked_at: datetime | None


async def phone(tx: AsyncConnection, actor: Actor) -> Phone:
    """Return the phone somebody has linked."""
    c = phones.c
    query = select(c.account, c.openid, c.linked_at).where(c.staff == actor.id)
    row = (await tx.execute(query)).first()
    if row is None or not row.openid:
        return Phone(None, None)
    return Phone((row.account, row.openid), row.linked_at)


async def new_code(rt: Runtime, tx: AsyncConnection, actor: Actor) -> str:
    """Return a code for one's own phone; the one before is void, the phone stays until then."""
    code = _drawn(rt)
    given = {"code": fingerprint(code), "code_until": rt.clock.now() + CODE_LIFE}
    known = await tx.execute(update(phones).where(phones.c.staff == actor.id).values(**given))
    if not known.rowcount:
        begun = {"account": "", "openid": "", "linked_at": None}
        save = upsert(
            phones, ("staff",), tuple(given | begun), is_sqlite=tx.dialect.name == "sqlite"
        )
        await tx.execute(save, {"staff": actor.id} | given | begun)
    return code


def linked(turn: Turn) -> str | Pass:
    """Link the phone that sent a code of ours; any other code goes its own way."""
    code = _code(turn)
    if not code or turn.is_trial:
        return Pass.NOT_MINE
    c = phones.c
    asked = select(c.staff).where(c.code == fingerprint(code), c.code_until > turn.now)
    found = turn.read(asked)
    if not found:
        return Pass.NOT_MINE
    turn.write(
        _link,
        {
            "whose": found[0].staff, "used": fingerprint(code), "owner": turn.message.account,
            "parent": turn.message.openid, "now": turn.now,
        },
    )  # fmt: skip
    return turn.say("test_phone")


def _drawn(rt: Runtime) -> str:
    """Return digits that are understood as a code: some read as a hotline or a time of day."""
    while True:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if rt.understand(code).slots.get("code") == code:
            return code


def _code(turn: Turn) -> str:
    """Return the code of a message that is nothing but a code."""
    code = str(turn.understanding.slots.get("code", "")) if turn.understanding else ""
    plain = "".join(turn.text.split())
    return code if len(code) == _DIGITS and plain == code else ""


async def send(rt: Runtime, campaign: Campaign, person: Person | None, mark: str) -> int:
    """Send both texts of a campaign as a trial to one phone; returns how many messages left.

    `mark` stands in front. The link is the target itself: nobody's click is counted.

    Raises:
        InvalidInput: no phone is linked, or the platform cannot be reached or does not take it.
    """
    if person is None:
        raise InvalidInput("campaign.no_phone")
    if rt.connect is None:
        raise InvalidInput("campaign.no_platform")
    draft, openid = campaign.draft, person[1]
    words = content.leading(draft.words)
    try:
        gateway = await rt.connect()
        if articles.is_needed(draft):
            await _preview(rt, gateway, openid, draft.words)
        for text in words.texts:
            if words.card:
                await gateway.send_news(openid, _card(rt, words, text, mark))
            else:
                await gateway.send_text(openid, f"{mark}{_plain(rt, words, text)}")
    except (WeChatError, articles.NotTaken) as error:
        raise InvalidInput("campaign.test_refused") from error
    return len(words.texts)


async def _preview(rt: Runtime, gateway: Gateway, openid: str, words: Words) -> None:
    """Show the article to the phone; its draft is deleted again."""
    media = await articles.add(rt, gateway, words)
    try:
        await gateway.mass_preview(openid, MassArticle(media))
    finally:
        await gateway.delete_draft(media)


def _plain(rt: Runtime, words: Words, text: str) -> str:
    return content.plain(words, content.said(words, text), rt.settings.public_url)


def _card(rt: Runtime, words: Words, text: str, mark: str) -> Article:
    said = content.contents(words, rt.settings.public_url)[0].custom or {}
    url = said["url"].replace(LINK, content.absolute(words.target, rt.settings.public_url))
    about = words.description or text[:60]
    return Article(f"{mark}{words.title}", about, words.picture, url)
