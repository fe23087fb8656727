"""One transaction for many messages: read what is known, answer, write receipts and effects.

Plain functions on a plain connection: on SQLite they run in the writer's thread with one hop a
batch, on PostgreSQL under `AsyncConnection.run_sync` (`Database.transact`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Executable,
    Select,
    bindparam,
    func,
    insert,
    select,
)

from bot.db import bulk
from bot.db.upsert import upsert
from bot.dialogue import codes, stored
from bot.dialogue.conversation import Talk
from bot.dialogue.engine import Engine, text_of
from bot.dialogue.tables import Delivery, conversation, inbox
from bot.dialogue.talks import Person, lock_number
from bot.dialogue.turn import Turn
from bot.logs import frames, log
from bot.people import windows
from bot.runtime import Runtime
from bot.safety import words
from bot.wechat.messages import Inbound
from bot.wechat.replies import Reply, TextReply

#: (account, openid, key of the message): what makes a message one message.
Key = tuple[str, str, str]


class Received:
    """One message to answer, with its key."""

    __slots__ = ("key", "message")

    def __init__(self, message: Inbound) -> None:
        self.message = message
        self.key: Key = (message.account, message.openid, message.key)


@dataclass(slots=True)
class _Page:
    """What the transaction has read, and what it will write; talks are kept as stored (JSON)."""

    talks: dict[Person, str]
    known: dict[Key, Reply | None]
    changed: dict[Person, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    #: Windows for customer messages that were opened, each parent's once.
    opened: dict[Person, dict[str, Any]] = field(default_factory=dict)
    #: Kind, intent and band of each message, for the counters.
    said: list[tuple[str, str, str]] = field(default_factory=list)
    writes: dict[Executable, list[Mapping[str, Any]]] = field(default_factory=dict)
    #: Whose writes wait: what they read must hold them.
    wrote: set[Person] = field(default_factory=set)


_ONE: BindParameter[str] = bindparam("account")
_PEOPLE: BindParameter[str] = bindparam("openids", expanding=True)
# equalities and lists of single columns: SQLite scans the table for a list of row values
_known = select(inbox.c.openid, inbox.c.msg_key, inbox.c.delivery, inbox.c.reply).where(
    inbox.c.account == _ONE,
    inbox.c.openid.in_(_PEOPLE),
    inbox.c.msg_key.in_(bindparam("keys", expanding=True)),
)
_talks = select(conversation.c.openid, conversation.c.state).where(
    conversation.c.account == _ONE, conversation.c.openid.in_(_PEOPLE)
)
_save_row = insert(inbox).values({c.name: bindparam(c.name) for c in inbox.c if c.name != "id"})


def run(
    rt: Runtime,
    engine: Engine,
    tx: Connection,
    jobs: Sequence[tuple[Received, bool]],
    *,
    careful: bool,
) -> dict[Key, Reply | None]:
    """Answer the messages in their order; a known one gets its stored reply and has no effect.

    Each job is a message and whether its webhook request has already been given up (late).

    Nearly every message is new, so the first try only lets the unique key find a known one; after
    its error the caller tries again with `careful`, which looks first. The caller's transaction
    makes it all or nothing.

    Raises:
        IntegrityError: not `careful`, and a message is known.
    """
    engine.prepare(rt, tx)
    page = _read(rt, tx, jobs, careful=careful)
    answers: dict[Key, Reply | None] = {}
    now = rt.clock.now()
    for job, late in jobs:
        if job.key in page.known:
            answers.setdefault(job.key, page.known[job.key])
        elif job.key not in answers:
            answers[job.key] = _answer(rt, engine, tx, page, job, late=late, now=now)
    _write(tx, page, now)
    rt.tally.messages.update(page.said)
    return answers


def _read(
    rt: Runtime, tx: Connection, jobs: Sequence[tuple[Received, bool]], *, careful: bool
) -> _Page:
    by_account: dict[str, list[Key]] = {}
    for job, _ in jobs:
        by_account.setdefault(job.message.account, []).append(job.key)
    if not rt.db.is_sqlite:
        tx.execute(_locks(), {"keys": sorted({lock_number(job.key[:2]) for job, _ in jobs})})
    page = _Page({}, {})
    for account, keys in by_account.items():
        people = {"account": account, "openids": list(dict.fromkeys(k[1] for k in keys))}
        for row in tx.execute(_talks, people):
            page.talks[account, row.openid] = row.state
        if careful:
            for kept in tx.execute(_known, people | {"keys": [k[2] for k in keys]}):
                shown = kept.delivery == Delivery.PASSIVE
                page.known[account, kept.openid, kept.msg_key] = (
                    stored.loads(kept.reply) if shown else None
                )
    return page


@cache
def _locks() -> Select[Any]:
    """Return the statement that locks people until the transaction ends, in the order given."""
    from sqlalchemy.dialects import postgresql

    keys = bindparam("keys", type_=postgresql.ARRAY(BigInteger))
    return select(func.pg_advisory_xact_lock(func.unnest(keys)))


def _answer(
    rt: Runtime,
    engine: Engine,
    tx: Connection,
    page: _Page,
    job: Received,
    *,
    late: bool,
    now: datetime,
) -> Reply | None:
    message = job.message
    person = (message.account, message.openid)
    before = page.talks.get(person)
    talk = Talk.from_json(before) if before else Talk()
    turn = Turn(
        rt=rt,
        message=message,
        talk=talk,
        now=now,
        asker=rt.pseudonyms.name(message.openid),
        decision=codes.code(rt.code_key, *job.key),
        read=lambda wanted: _asked(tx, page, person, wanted),
    )
    try:
        reply = engine.respond(turn)
    except Exception as bug:  # noqa: BLE001 - one broken reply must not stop the others
        log.error("reply_failed", decision=turn.decision, bug=frames(bug))
        reply = TextReply(_instead(turn))
    else:
        if talk.changed:
            page.talks[person] = page.changed[person] = talk.to_json()
        for statement, row in turn.writes:
            page.writes.setdefault(statement, []).append(row)
            page.wrote.add(person)
    page.said.append(_said(turn))
    window = windows.opened(rt.settings, message, now)
    if window is not None:
        page.opened[person] = windows.joined(page.opened.get(person), window)
    page.rows.append(
        {
            "account": message.account,
            "openid": message.openid,
            "msg_key": message.key,
            "kind": type(message).__name__,
            "content": text_of(message) or "",
            "reply": stored.dumps(reply),
            "delivery": Delivery.LATE if late and reply is not None else Delivery.PASSIVE,
            "received_at": now,
        }
    )
    return reply


def _asked(tx: Connection, page: _Page, person: Person, wanted: Select[Any]) -> Sequence[Any]:
    """Read; what an earlier message of this parent in the batch has noted is written before."""
    if person in page.wrote:
        ready = {s: rows for s, rows in page.writes.items() if not _is_last(s)}
        carry_out(tx, ready)
        for statement in ready:
            del page.writes[statement]
        page.wrote.clear()
    return tx.execute(wanted).all()


def _instead(turn: Turn) -> str:
    """Return what is said where a reply function broke: help in a crisis, else that we are busy."""
    understood = turn.understanding
    if understood is not None and understood.crisis is not None:
        return words.first(turn.rt, understood.crisis)
    return turn.rt.say("busy")


def _said(turn: Turn) -> tuple[str, str, str]:
    """Return what kind of message it was and how it was answered, in words of our own."""
    understood = turn.understanding
    if understood is None:
        return type(turn.message).__name__, "", ""
    if understood.crisis is not None:
        return type(turn.message).__name__, "crisis", ""
    band = next((str(row["band"]) for _, row in turn.writes if "band" in row), "")
    return type(turn.message).__name__, understood.intent, band


def _write(tx: Connection, page: _Page, now: datetime) -> None:
    if page.rows:
        bulk.execute(tx, _save_row, page.rows)
    save_talks(tx, page.changed, now)
    windows.save(tx, list(page.opened.values()))
    carry_out(tx, page.writes)


def save_talks(tx: Connection, changed: Mapping[Person, str], now: datetime) -> None:
    """Write the states of conversations that have changed."""
    if not changed:
        return
    rows = [
        {"account": a, "openid": o, "state": state, "updated_at": now}
        for (a, o), state in changed.items()
    ]
    save_talk = upsert(
        conversation,
        ("account", "openid"),
        ("state", "updated_at"),
        is_sqlite=tx.dialect.name == "sqlite",
    )
    bulk.execute(tx, save_talk, rows)


def carry_out(tx: Connection, writes: Mapping[Executable, Sequence[Mapping[str, Any]]]) -> None:
    """Write the rows that turns have noted.

    Deletions last: what a parent said before `delete me` in the same batch must go as well.
    """
    for statement, rows in sorted(writes.items(), key=lambda write: _is_last(write[0])):
        bulk.execute(tx, statement, rows)


def _is_last(statement: Executable) -> bool:
    return statement.is_delete or bool(statement.get_execution_options().get("last"))
