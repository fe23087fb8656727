"""What was sent to one parent, for their own page of messages; also what no push reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import clicks
from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.order import LINK, of_row
from bot.delivery.states import State
from bot.h5.mine import Mailbox, Message
from bot.people.families import Person
from bot.runtime import Runtime

#: What a parent did not want, or what was taken back before it left, is not shown.
_SHOWN = (State.SENT, State.QUEUED, State.KEPT, State.REFUSED, State.HELD)
_ID = re.compile(r"c([0-9]{1,12})-([0-9]{1,15})")
_D = deliveries.c


async def listed(rt: Runtime, tx: AsyncConnection, person: Person, most: int) -> Sequence[Message]:
    """Return the newest messages, at most so many, newest first."""
    rows = await tx.execute(_mine(person).order_by(_D.broadcast.desc(), _D.n).limit(most))
    return [_of(rt, row) for row in rows.mappings()]


async def opened(rt: Runtime, tx: AsyncConnection, person: Person, name: str) -> Message | None:
    """Return one message and note that it was read; None: it is not this parent's."""
    found = _ID.fullmatch(name)
    if found is None:
        return None
    wanted = (_D.broadcast == int(found[1]), _D.n == int(found[2]))
    row = (await tx.execute(_mine(person).where(*wanted))).mappings().first()
    if row is None:
        return None
    unread = update(deliveries).where(*wanted, _D.read_at.is_(None))
    await tx.execute(unread.values(read_at=rt.clock.now()))
    return _of(rt, row)


async def unread(rt: Runtime, tx: AsyncConnection, person: Person) -> int:
    """Return how many messages are not read."""
    del rt
    mine = _mine(person).where(_D.read_at.is_(None)).subquery()
    return await tx.scalar(select(func.count()).select_from(mine)) or 0


def _mine(person: Person) -> Select[Any]:
    columns = (_D.n, _D.variant, _D.done_at, _D.read_at)
    return (
        select(*columns, broadcasts)
        .join_from(deliveries, broadcasts, broadcasts.c.id == _D.broadcast)
        .where(broadcasts.c.account == person[0], _D.openid == person[1], _D.openid != "")
        .where(_D.state.in_(_SHOWN))
    )


def _of(rt: Runtime, row: Any) -> Message:
    order = of_row(row)
    said = order.texts[row["variant"]].pull
    url = said.get("url", "")
    if LINK in url:
        url = url.replace(LINK, clicks.address(rt, order.id, row["n"]))
    at = row["done_at"] or row["frozen_at"] or row["ordered_at"]
    return Message(
        f"c{order.id}-{row['n']}", at, said["title"], said.get("text", ""), url,
        row["read_at"] is not None,
    )  # fmt: skip


MAILBOX = Mailbox(listed, opened, unread)
