"""Answers that were not ready in time: made safe, then sent once as a customer message.

Customer messages carry no key of ours, so the platform cannot refuse a second one: a row is
claimed before the request leaves, and an outcome that was never learnt stays `unknown` for ever
(RELIABILITY 2.3, I4-I5). In a restored database that holds for every answer of before: while the
fence stands they become `unknown`, and only answers to what came after it are sent (I8).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, CursorResult, and_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import fence, incidents
from bot.dialogue import stored
from bot.dialogue.batch import Key
from bot.dialogue.spill import Spill
from bot.dialogue.tables import Delivery, inbox
from bot.errors import StoreAway
from bot.logs import log
from bot.people import windows
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.messages import Inbound
from bot.wechat.replies import TextReply

NAME = "spill"
_ORPHAN = timedelta(seconds=60)
_STUCK = timedelta(minutes=10)
_AGAIN_S = 1.0


class Late(Spill):
    """The spill file of this process and the sending of late answers.

    The file is locked while the process lives, so that another one knows whose it may recover.
    """

    def __init__(self, rt: Runtime) -> None:
        super().__init__(rt.settings.data, NAME)
        self._rt = rt
        self._sending: set[asyncio.Task[None]] = set()
        self._spilled = 0

    async def spill(self, message: Inbound) -> None:
        """Write the message to disk before `success` is said: the database does not have it yet.

        Raises:
            OSError: the disk does not take it.
        """
        log.warning("answer_late", asker=self._rt.pseudonyms.name(message.openid))
        self._spilled += 1
        try:
            await asyncio.to_thread(self._append, stored.dump_message(message))
        except OSError:
            self._spilled -= 1
            raise

    def deliver(self, key: Key, *, spilled: bool) -> None:
        """Send the committed answer of a message in the background; `spilled` by this process."""
        task = asyncio.create_task(self._deliver(key, spilled=spilled))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, key: Key, *, spilled: bool) -> None:
        try:
            await send(self._rt, key)
        except StoreAway as away:
            log.warning("late_waits", reason=str(away))  # the spill or the sweep takes it up
            return
        self._spilled -= spilled
        if not self._spilled:
            self._clear()

    async def close(self) -> None:
        """Wait for the sends under way."""
        if self._sending:
            await asyncio.wait(self._sending)


async def send(rt: Runtime, key: Key) -> None:
    """Claim the answer of one message and send it; a second call finds nothing to claim.

    Raises:
        StoreAway: the database does not answer; nothing was sent.
    """
    mine = and_(inbox.c.account == key[0], inbox.c.openid == key[1], inbox.c.msg_key == key[2])
    async with rt.db.write() as tx:
        claimed: CursorResult[tuple[()]] = await tx.execute(
            update(inbox)
            .where(mine, inbox.c.delivery.in_([Delivery.LATE, Delivery.PASSIVE]), await _free(tx))
            .values(delivery=Delivery.SENDING)
        )
        if claimed.rowcount != 1:
            return
        text = await tx.scalar(select(inbox.c.reply).where(mine))
    outcome = await _request(rt, key[1], text or "")
    async with rt.db.write() as tx:
        await tx.execute(update(inbox).where(mine).values(delivery=outcome))
        if outcome in (Delivery.SENT, Delivery.UNKNOWN):
            await windows.spent(tx, key[:2])
    rt.tally.late[outcome] += 1
    log.info("late_sent", outcome=outcome, asker=rt.pseudonyms.name(key[1]))


async def _free(tx: AsyncConnection) -> ColumnElement[bool]:
    """Return which rows may be sent: all, or those that came in after the fence was raised."""
    held = await fence.is_up(tx)
    return true() if held is None else inbox.c.received_at > held.raised_at


async def _request(rt: Runtime, openid: str, text: str) -> Delivery:
    reply = stored.loads(text)
    if not isinstance(reply, TextReply) or rt.connect is None:
        return Delivery.REFUSED
    try:
        gateway = await rt.connect()
        await gateway.send_text(openid, reply.text)
    except (errors.Retry, StoreAway):  # the token is kept in the database
        return Delivery.LATE  # refused before it was taken: safe to try again
    except errors.Unknown:
        return Delivery.UNKNOWN
    except errors.WeChatError as refused:
        log.warning("late_refused", reason=str(refused))
        async with rt.db.write() as tx:
            await incidents.report_refusal(tx, refused, rt.clock.now())
        return Delivery.REFUSED
    return Delivery.SENT


async def sweep(rt: Runtime) -> int:
    """Send what a dead process left behind; give up on what it was sending. Returns how many."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        await tx.execute(
            update(inbox)
            .where(inbox.c.delivery == Delivery.SENDING, inbox.c.received_at < now - _STUCK)
            .values(delivery=Delivery.UNKNOWN)
        )
        await _give_up_held(tx)
        rows = await tx.execute(
            select(inbox.c.account, inbox.c.openid, inbox.c.msg_key)
            .where(inbox.c.delivery == Delivery.LATE, inbox.c.received_at < now - _ORPHAN)
            .limit(100)
        )
        keys = [(r.account, r.openid, r.msg_key) for r in rows]
    for key in keys:
        await send(rt, key)
    return len(keys)


async def _give_up_held(tx: AsyncConnection) -> None:
    """Leave alone for good what waited when the backup was made: it may have been sent since."""
    held = await fence.is_up(tx)
    if held is None:
        return
    given_up: CursorResult[tuple[()]] = await tx.execute(
        update(inbox)
        .where(
            inbox.c.delivery.in_([Delivery.LATE, Delivery.SENDING]),
            inbox.c.received_at <= held.raised_at,
        )
        .values(delivery=Delivery.UNKNOWN)
    )
    if given_up.rowcount:
        log.warning("late_held", messages=given_up.rowcount)


async def recover(
    rt: Runtime, answer: Callable[[Inbound], Awaitable[None]], name: str = NAME
) -> int:
    """Answer what processes that are gone had acknowledged and spilled. Returns how many.

    What was spilled before a fence is set aside: the database of before may have answered it.
    """
    count = 0
    paths = sorted(rt.settings.data.glob(f"{name}.*.jsonl"))
    held = await _fence(rt) if paths else None
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)  # its process lives
            continue
        if held is not None and path.stat().st_mtime <= held.raised_at.timestamp():
            _set_aside(path)
            os.close(descriptor)
            continue
        for message in _messages(path.read_bytes()):
            await answer(message)
            count += 1
        path.unlink(missing_ok=True)
        os.close(descriptor)
    return count


async def _fence(rt: Runtime) -> fence.Fence | None:
    """Return the fence as soon as the database says whether one stands."""
    while True:
        try:
            async with rt.db.read() as tx:
                return await fence.is_up(tx)
        except StoreAway:
            await asyncio.sleep(_AGAIN_S)


def _set_aside(path: Path) -> None:
    path.rename(path.with_suffix(".held"))
    log.error("spill_held")


def _messages(content: bytes) -> Iterator[Inbound]:
    """Yield the spilled messages; a line torn by the process's death was never acknowledged.

    Lines end at the line feed alone: the words of a parent may hold any other line separator.
    """
    for line in content.split(b"\n"):
        if line:
            try:
                yield stored.load_message(line.decode())
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                log.error("spill_line_broken", reason=type(error).__name__)
