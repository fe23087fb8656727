"""The gate before a publish: a candidate is built, asked every question, and perhaps let pass."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import golden, queries, reporting
from bot.curation.states import State
from bot.curation.tables import gates, revisions
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.library import candidate as candidates
from bot.library import find
from bot.library import tables as library
from bot.library.candidate import Candidate
from bot.library.find import Base
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge import gate, outcomes
from knowledge.entry import Entry
from knowledge.outcomes import Check, Kind, Result

_REASON_MIN = 10
_BEFORE = "curation.before"

#: What is to change: entry to version, None takes it away.
Wanted = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Look:
    """A candidate, what the gate says of it, and the questions it was asked."""

    candidate: Candidate
    report: gate.Report
    questions: golden.Questions


async def approved(tx: AsyncConnection, actor: Actor, ids: list[str]) -> dict[str, str | None]:
    """Return the approved ones of these entries with the version that would be published.

    Raises:
        InvalidInput: one of them is not approved, or there is none.
    """
    found: dict[str, str | None] = {}
    for name in dict.fromkeys(ids):
        row = await queries.row(tx, actor, name, "entries.publish")
        if row.state != State.APPROVED:
            raise InvalidInput("entry.state")
        found[name] = row.entry.version
    if not found:
        raise InvalidInput("publish.none")
    return found


async def try_out(
    rt: Runtime, actor: Actor | None, wanted: Wanted, *, kind: str = "publish"
) -> int:
    """Build the candidate, ask it every question, replay what was asked; returns the gate's run."""
    async with busy(rt):
        look = await _look(rt, wanted)
        impact = await reporting.impact(rt, look.candidate)
    report = reporting.to_json(look.report, impact)
    async with rt.db.write() as tx:
        made = await tx.execute(
            insert(gates).values(
                at=rt.clock.now(), kind=kind, before=look.candidate.before,
                candidate=look.candidate.index.version, questions=look.questions.version,
                entries=json.dumps(dict(wanted)), blocked=look.report.blocked, report=report,
                by=actor.id if actor else None, by_name=actor.name if actor else "", reason="",
                passed_by_name="",
            )
        )  # fmt: skip
        assert made.inserted_primary_key is not None
        number = int(made.inserted_primary_key[0])
        await audit.note(
            rt, tx, actor, "publish.gate", f"gate:{number}", blocked=look.report.blocked,
            entries=sorted(wanted),
        )  # fmt: skip
    return number


def busy(rt: Runtime) -> asyncio.Lock:
    """Return the lock under which one candidate is built and tried at a time."""
    lock: asyncio.Lock = rt.shelf.setdefault("curation.busy", asyncio.Lock())
    return lock


async def _look(rt: Runtime, wanted: Wanted) -> Look:
    async with rt.db.read() as tx:
        texts = await contents(tx, wanted)
        questions = await golden.load(rt, tx)
    drop = [name for name, version in wanted.items() if version is None]
    made = await candidates.build(rt, list(texts.values()), drop)
    report = await asyncio.to_thread(_judged, rt, made, questions)
    return Look(made, report, questions)


def _judged(rt: Runtime, made: Candidate, questions: golden.Questions) -> gate.Report:
    held = find.now(rt)

    def alarm(text: str) -> bool:
        return golden.is_alarm(rt, text)

    scope = find.scope(rt)
    key = (held.index.version, questions.version, scope)
    kept: tuple[Any, list[Result]] | None = rt.shelf.get(_BEFORE)
    if kept is None or kept[0] != key:
        before = outcomes.run(held.index, held.judge, questions.checks, scope, alarm)
        kept = rt.shelf[_BEFORE] = (key, before)
    own = _wordings(held, made)
    checks = (*questions.checks, *own)
    before = [*kept[1], *outcomes.run(held.index, held.judge, own, scope)]
    after = outcomes.run(made.index, held.judge, checks, scope, alarm)
    return gate.judge_change(checks, (before, after), (held.index, made.index))


def _wordings(held: Base, made: Candidate) -> tuple[Check, ...]:
    """Return the wordings of changed entries as questions: they must go on finding their answer.

    An answer that belongs to another entry turns all of them red, not only the few golden ones.
    """
    return tuple(
        Check(f"own-{entry.id}-{n}", text, frozenset((entry.id,)), Kind.GOLDEN, entry.topic)
        for entry in made.put.values()
        if entry.id in held.entries
        for n, text in enumerate(entry.askings(), 1)
    )


async def contents(tx: AsyncConnection, wanted: Wanted) -> dict[str, Entry]:
    """Return the texts of these versions, from the revisions or from what was public once.

    Raises:
        NotFound: a version is not kept.
    """
    found = {}
    for name, version in wanted.items():
        if version is None:
            continue
        content = await tx.scalar(
            select(revisions.c.content)
            .where(revisions.c.entry == name, revisions.c.version == version)
            .order_by(revisions.c.number.desc())
            .limit(1)
        ) or await tx.scalar(
            select(library.versions.c.content).where(
                library.versions.c.entry == name, library.versions.c.version == version
            )
        )
        if content is None:
            raise NotFound
        found[name] = reading.from_json(content)
    return found


async def ask_to_pass(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, why: str
) -> None:
    """Ask a second person to let a blocked candidate pass.

    Raises:
        InvalidInput: no reason is given.
    """
    if len(why.strip()) < _REASON_MIN:
        raise InvalidInput("publish.reason")
    run = await gate_run(tx, number)
    await require_all(tx, actor, json.loads(run.entries), "entries.publish")
    await tx.execute(
        update(gates)
        .where(gates.c.id == number, gates.c.asked_at.is_(None))
        .values(asked_at=rt.clock.now(), asked_by=actor.id, reason=why.strip())
    )
    await audit.note(rt, tx, actor, "publish.asked", f"gate:{number}", why=why.strip())


async def let_pass(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Approve what the gate stopped: never by who asked, looked or wrote.

    Raises:
        NotAllowed: a second person is needed.
        InvalidInput: nobody has asked.
    """
    run = await gate_run(tx, number)
    if run.asked_at is None or run.passed_at is not None:
        raise InvalidInput("entry.state")
    wanted: Wanted = json.loads(run.entries)
    writers: set[int] = set()
    for name in wanted:
        row = await queries.row(tx, actor, name)
        actor.require("gate.override", row.entry.area, row.entry.topic)
        writers |= await queries.authors(tx, row)
    if actor.id in writers | {run.asked_by, run.by}:
        raise NotAllowed("publish.second_person")
    await tx.execute(
        update(gates)
        .where(gates.c.id == number)
        .values(passed_at=rt.clock.now(), passed_by=actor.id, passed_by_name=actor.name)
    )
    await audit.note(rt, tx, actor, "publish.passed", f"gate:{number}", why=run.reason)


async def require_all(tx: AsyncConnection, actor: Actor, wanted: Wanted, permission: str) -> None:
    """Refuse unless the permission reaches every entry."""
    for name in wanted:
        await queries.row(tx, actor, name, permission)


async def gate_run(tx: AsyncConnection, number: int) -> Any:
    """Return what the gate said once.

    Raises:
        NotFound: there is no such run.
    """
    row = (await tx.execute(select(gates).where(gates.c.id == number))).first()
    if row is None:
        raise NotFound
    return row
