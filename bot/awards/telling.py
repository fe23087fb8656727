"""A parent hears of a new certificate once: at the next visit in the chat, and among the messages.

Nothing is pushed: the conversation only learns that a line waits (`Feature.waits`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import holding, rules, serials
from bot.db.base import Instant
from bot.dialogue import talks
from bot.dialogue.conversation import Held, Talk
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.h5.mine import Mailbox, Message
from bot.logs import log
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates

#: Kind of what waits (`Talk.held`), and the beginning of a message's name.
WAITS = "certificate"
_PREFIX = f"{WAITS}-"
#: Parents of one transaction, and transactions of one run: each parent's lock is held.
FEW, OFTEN = 50, 40
#: Certificates one line looks at.
_MOST = 5
_c = certificates.c
_was_told = (
    update(certificates)
    .where(_c.account == bindparam("owner"), _c.openid == bindparam("parent"), _c.seen_at.is_(None))
    .values(seen_at=bindparam("at", type_=Instant()))
)


async def tell(rt: Runtime) -> int:
    """Let the conversations know of certificates that were issued; returns how many parents'."""
    count = 0
    for _ in range(OFTEN):
        told = await _some(rt)
        count += told
        if told < FEW:
            break
    if count:
        log.info("certificates_told", parents=count)
    return count


async def _some(rt: Runtime) -> int:
    waiting = (
        select(_c.account, _c.openid)
        .where(_c.told_at.is_(None), _c.openid.is_not(None))
        .order_by(_c.id)
        .limit(FEW)
    )
    async with rt.db.read() as tx:
        persons = {(row.account, row.openid) for row in await tx.execute(waiting)}
    if persons:
        async with rt.db.write() as tx:
            for person in sorted(persons, key=talks.lock_number):
                await _one(rt, tx, person)
    return len(persons)


async def _one(rt: Runtime, tx: AsyncConnection, person: Person) -> None:
    """Let one conversation know; what the parent has seen meanwhile needs no line."""
    await talks.lock(tx, person)
    now, new = rt.clock.now(), holding.mine(person) & _c.told_at.is_(None)
    mark = update(certificates).where(new).values(told_at=now).returning(_c.seen_at)
    is_unseen = any(row.seen_at is None for row in await tx.execute(mark))
    if is_unseen:
        await talks.change(tx, person, now, _wait)


def _wait(talk: Talk) -> None:
    """Let one line wait, in the place of an older one."""
    talk.held = [one for one in talk.held if one.kind != WAITS]
    talk.hold(Held(0, "", WAITS))


def lead(turn: Turn, held: Held) -> str:
    """Return the line about certificates nobody has told of yet (`Feature.waits`); maybe empty."""
    del held
    person = turn.message.account, turn.message.openid
    rows = turn.read(_unseen(person).order_by(_c.id).limit(_MOST))
    if not rows:
        return ""
    turn.write(_was_told, {"owner": person[0], "parent": person[1], "at": turn.now})
    said, link = rules.certificates()["told"], links.page(turn.rt, "mine/certificates")
    contents = [json.loads(row.snapshot) for row in rows]
    titles = said["between"].join(one["title"] for one in contents)
    name = "one" if len(rows) == 1 else "several"
    first = said[name].format(
        n=len(rows), titles=titles, title=contents[0]["title"], about=contents[0]["about"]
    )
    return f"{first}\n{said['page'].format(link=link)}" if link else f"{first}{said['chat']}"


def _unseen(person: Person) -> Any:
    new = _c.seen_at.is_(None) & _c.settled_at.is_(None) & _c.revoked_at.is_(None)
    return select(_c.snapshot).where(holding.mine(person), new)


async def listed(rt: Runtime, tx: AsyncConnection, person: Person, most: int) -> Sequence[Message]:
    """Return the messages about somebody's certificates, at most so many, newest first."""
    del rt
    rows = await tx.execute(holding.of(person).limit(most))
    return [_message(row) for row in rows]


async def opened(rt: Runtime, tx: AsyncConnection, person: Person, name: str) -> Message | None:
    """Return one message and note that it was read; None: it is not this parent's."""
    serial = serials.read(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
    which = holding.mine(person) & (_c.serial == (serial or ""))
    row = (await tx.execute(select(certificates).where(which))).first()
    if row is None:
        return None
    await tx.execute(holding.seen(which, rt.clock.now()))
    return _message(row)


async def unread(rt: Runtime, tx: AsyncConnection, person: Person) -> int:
    """Return how many certificates were not seen yet."""
    del rt
    return await tx.scalar(select(func.count()).select_from(_unseen(person).subquery())) or 0


def _message(row: Row[Any]) -> Message:
    said, content = rules.certificates()["told"], json.loads(row.snapshot)
    is_read = bool(row.seen_at or row.settled_at or row.revoked_at)
    return Message(
        f"{_PREFIX}{row.serial}", row.issued_at, said["title"].format(**content),
        said["text"].format(**content), f"{links.PREFIX}/mine/certificates/{row.serial}", is_read,
    )  # fmt: skip


MAILBOX = Mailbox(listed, opened, unread)
