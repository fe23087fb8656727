"""A turn without a message: a parent does on a page what they could have asked for in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, func, select

from bot.dialogue import batch
from bot.dialogue.conversation import Talk
from bot.dialogue.tables import conversation
from bot.dialogue.talks import Person, lock_number
from bot.dialogue.turn import Turn
from bot.runtime import Runtime
from bot.wechat.messages import Inbound

T = TypeVar("T")


async def act(rt: Runtime, person: Person, work: Callable[[Turn], T]) -> T:
    """Do some work as a turn of this parent, in a transaction of its own; returns its result.

    Batches keep away from the parent meanwhile. The turn has no words and no answer: its
    message's key and its short id are empty.
    """
    return await rt.db.transact(lambda tx: _inside(rt, tx, person, work))


def _inside(rt: Runtime, tx: Connection, person: Person, work: Callable[[Turn], T]) -> T:
    if not rt.db.is_sqlite:  # SQLite has one writer anyway
        tx.execute(select(func.pg_advisory_xact_lock(lock_number(person))))
    turn = _turn(rt, tx, person)
    done = work(turn)
    if turn.talk.changed:
        batch.save_talks(tx, {person: turn.talk.to_json()}, turn.now)
    writes: dict[Executable, list[Mapping[str, Any]]] = {}
    for statement, row in turn.writes:
        writes.setdefault(statement, []).append(row)
    batch.carry_out(tx, writes)
    return done


def _turn(rt: Runtime, tx: Connection, person: Person) -> Turn:
    account, openid = person
    now = rt.clock.now()
    stored = tx.scalar(
        select(conversation.c.state).where(
            conversation.c.account == account, conversation.c.openid == openid
        )
    )
    return Turn(
        rt=rt,
        message=Inbound(account, openid, int(now.timestamp()), ""),
        talk=Talk.from_json(stored) if stored else Talk(),
        now=now,
        asker=rt.pseudonyms.name(openid),
        decision="",
        read=lambda wanted: tx.execute(wanted).all(),
    )
