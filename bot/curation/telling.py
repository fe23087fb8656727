"""Parents who asked to be told are told: one message each, while they follow and may be written to.

A customer message carries no key of ours, so a wish is claimed before the request leaves, and one
whose outcome was never learnt stays `unknown` for ever (as in `dialogue.late`). Nobody is told
while the fence of a restored database stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.curation import gap_rows, waiting
from bot.curation.waiting import Due, Wish
from bot.delivery import fence
from bot.dialogue import codes
from bot.errors import StoreAway
from bot.library import wording
from bot.library.tables import base, decisions, wishes
from bot.logs import log
from bot.people import quiet, windows
from bot.people.followers import followers
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.texts import TEXT_LIMIT_BYTES, cut
from knowledge.judge import Band

_STUCK = timedelta(minutes=10)
_QUESTION_MAX = 60
#: The parent's window is closed, or what it allows is used up: they are told when they write again.
_CLOSED = (45015, 45047)
_INTENT = "tell_me_later"


@dataclass(frozen=True, slots=True)
class _Told:
    """One message: its words, and the short id under which it can be looked up."""

    text: str
    code: str


async def tell(rt: Runtime) -> int:
    """Tell everybody whose question has an answer now; returns how many messages left."""
    await _give_up(rt)
    sent = 0
    async with rt.db.read() as tx:
        due = [*await waiting.fresh(tx, rt.clock.now()), *await waiting.back(tx, rt.clock.now())]
    for one in due:
        sent += await _tell(rt, one)
    return sent


async def _give_up(rt: Runtime) -> None:
    async with rt.db.write() as tx:
        await tx.execute(
            update(wishes)
            .where(wishes.c.state == Wish.SENDING, wishes.c.told_at < rt.clock.now() - _STUCK)
            .values(state=Wish.UNKNOWN)
        )


async def _tell(rt: Runtime, due: Due) -> bool:
    """Claim the wishes of one parent for one entry, and send one message for them."""
    async with rt.db.write() as tx:
        await gap_rows.alone(tx)
        if await fence.is_up(tx):
            return False
        state = await _state(tx, due, rt.clock.now())
        claimed = await tx.execute(
            update(wishes)
            .where(wishes.c.id.in_(due.wishes), wishes.c.state.in_([Wish.WAITING, Wish.HELD]))
            .values(state=state, entry=due.entry.id, told_at=rt.clock.now())
        )
    if state != Wish.SENDING or not claimed.rowcount:
        return False  # no row: another worker, or a deletion, was faster
    told = _told(rt, due)
    outcome = await _request(rt, due.openid, told.text)
    async with rt.db.write() as tx:
        await tx.execute(
            update(wishes)
            .where(wishes.c.id.in_(due.wishes), wishes.c.state == Wish.SENDING)
            .values(state=outcome)
        )
        if outcome in (Wish.SENT, Wish.UNKNOWN):
            await windows.spent(tx, (due.account, due.openid))
            await _record(rt, tx, due, told)
    log.info("wish_told", outcome=outcome, asker=due.asker)
    return outcome == Wish.SENT


async def _state(tx: AsyncConnection, due: Due, now: datetime) -> Wish:
    """Return what becomes of the wish: sent only to those who follow and still want to hear.

    In the quiet after a crisis it goes on waiting.
    """
    row = (
        await tx.execute(
            select(
                followers.c.follows, followers.c.reminders_off_at, followers.c.quiet_until
            ).where(followers.c.account == due.account, followers.c.openid == due.openid)
        )
    ).first()
    if row is not None and not row.follows:
        return Wish.WITHDRAWN
    if row is not None and row.reminders_off_at and row.reminders_off_at >= due.wished_at:
        return Wish.WITHDRAWN
    if row is not None and quiet.is_quiet(row.quiet_until, now):
        return Wish.WAITING
    return Wish.SENDING if due.window_open else Wish.HELD


def _told(rt: Runtime, due: Due) -> _Told:
    code = codes.code(rt.code_key, "told", str(due.wishes[0]))
    days = (day(rt.clock.now()) - day(due.asked_at)).days
    asked = due.text if len(due.text) <= _QUESTION_MAX else f"{due.text[:_QUESTION_MAX]}…"
    head = rt.say(_INTENT, "told" if days else "told_today", count=str(days), question=asked)
    answer = wording.ready(rt, due.entry).head.replace(wording.ID, code)
    text, _ = cut(f"{head}\n\n{answer}", TEXT_LIMIT_BYTES, rt.say(_INTENT, "told_more"))
    return _Told(text, code)


async def _request(rt: Runtime, openid: str, text: str) -> Wish:
    if rt.connect is None:
        return Wish.WAITING
    try:
        gateway = await rt.connect()
        await gateway.send_text(openid, text)
    except (errors.Retry, errors.Quota, StoreAway):  # not carried out: safe to try again
        return Wish.WAITING
    except errors.Unknown:
        return Wish.UNKNOWN
    except errors.WeChatError as refused:
        log.warning("wish_refused", reason=str(refused))
        return Wish.HELD if refused.code in _CLOSED else Wish.REFUSED
    return Wish.SENT


async def _record(rt: Runtime, tx: AsyncConnection, due: Due, told: _Told) -> None:
    """Keep what was told, so that its id can be looked up like that of any answer."""
    version = await tx.scalar(select(base.c.version))
    await tx.execute(
        insert(decisions).values(
            code=told.code, at=rt.clock.now(), asker=due.asker, text=due.text, intent=_INTENT,
            band=Band.ANSWER, rule="told", entry=due.entry.id, version=due.version,
            base_version=version, probability=1.0, hits="[]",
            area=due.area, topic=due.entry.topic,
        )
    )  # fmt: skip
