"""From approved texts to parents: candidate, gate, impact, then all at once or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import golden, queries, reporting
from bot.curation.states import Origin, State
from bot.curation.tables import changes, entries, gates, publications, revisions
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.library import candidate as candidates
from bot.library import find
from bot.library import tables as library
from bot.library.candidate import Candidate
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge import gate, outcomes
from knowledge.entry import Entry
from knowledge.outcomes import Result

#: A look at the gate is worth something for this long.
FRESH = timedelta(hours=2)
_REASON_MIN = 10
_BEFORE = "curation.before"
#: One candidate is built and tried at a time in a process; the next waits.
_busy = asyncio.Lock()

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
    async with _busy:
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

    key = (held.index.version, questions.version)
    kept: tuple[Any, list[Result]] | None = rt.shelf.get(_BEFORE)
    scope = find.scope(rt)
    if kept is None or kept[0] != key:
        before = outcomes.run(held.index, held.judge, questions.checks, scope, alarm)
        kept = rt.shelf[_BEFORE] = (key, before)
    after = outcomes.run(made.index, held.judge, questions.checks, scope, alarm)
    return gate.judge_change(questions.checks, (kept[1], after), (held.index, made.index))


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


async def release(rt: Runtime, actor: Actor | None, number: int, *, note: str) -> int:
    """Publish what a run of the gate looked at; returns the publication.

    Raises:
        InvalidInput: the run is too old, the base or the questions changed since, or it is
            blocked and nobody let it pass.
    """
    async with _busy:
        async with rt.db.read() as tx:
            run = await gate_run(tx, number)
            wanted: Wanted = json.loads(run.entries)
            if actor is not None:
                await require_all(tx, actor, wanted, "entries.publish")
            questions = await golden.load(rt, tx)
            texts = await contents(tx, wanted)
            await _still(tx, wanted, run.kind)
        drop = [name for name, version in wanted.items() if version is None]
        made = await candidates.build(rt, list(texts.values()), drop)
        is_same = (run.before, run.candidate, run.questions) == (
            made.before, made.index.version, questions.version,
        )  # fmt: skip
        if not is_same or rt.clock.now() - run.at > FRESH:
            raise InvalidInput("publish.stale")
        if run.blocked and run.passed_at is None:
            raise InvalidInput("publish.blocked")
        return await _commit(rt, actor, made, texts, kind=run.kind, note=note, run=number)


async def _still(tx: AsyncConnection, wanted: Wanted, kind: str) -> None:
    """Refuse when a text that was looked at has been changed or taken back since."""
    if kind != "publish":
        return
    rows = await tx.execute(
        select(entries.c.entry, entries.c.state, entries.c.content).where(
            entries.c.entry.in_(list(wanted))
        )
    )
    for row in rows:
        version = reading.from_json(row.content).version
        if row.state != State.APPROVED or version != wanted[row.entry]:
            raise InvalidInput("publish.stale")


async def _commit(
    rt: Runtime,
    actor: Actor | None,
    made: Candidate,
    texts: Mapping[str, Entry],
    *,
    kind: str,
    note: str,
    run: int | None,
) -> int:
    now = rt.clock.now()
    async with rt.db.write() as tx:
        changed = await candidates.publish(rt, tx, made, origin="console", now=now)
        made_row = await tx.execute(
            insert(publications).values(
                at=now, kind=kind, note=note[:200], before=made.before, after=made.index.version,
                gate=run, by=actor.id if actor else None, by_name=actor.name if actor else "",
            )
        )  # fmt: skip
        assert made_row.inserted_primary_key is not None
        number = int(made_row.inserted_primary_key[0])
        rows = [
            {"publication": number, "entry": name, "old": old, "new": new}
            for name, (old, new) in changed.items()
        ]
        if rows:
            await tx.execute(insert(changes), rows)
        for name, entry in texts.items():
            await _settle(tx, name, entry, actor, kind, now)
        for name in made.drop:
            await tx.execute(
                update(entries)
                .where(entries.c.entry == name)
                .values(state=State.RETIRED, published_version=None, publish_at=None)
            )
        await audit.note(
            rt, tx, actor, "publish.rollback" if kind == "rollback" else "publish.done",
            f"publication:{number}", before=made.before, after=made.index.version, why=note,
            entries=sorted(changed),
        )  # fmt: skip
    return number


async def _settle(
    tx: AsyncConnection, name: str, entry: Entry, actor: Actor | None, kind: str, now: Any
) -> None:
    """Let the working copy stand where parents are; a rollback becomes its newest revision."""
    from bot.curation.actions import columns  # actions stand beside this module

    row = (
        await tx.execute(
            select(entries.c.revision, entries.c.content).where(entries.c.entry == name)
        )
    ).first()
    number = row.revision if row else 0
    values: dict[str, Any] = {
        "state": State.PUBLISHED, "published_version": entry.version, "publish_at": None,
        "blocked_at": None,
    }  # fmt: skip
    if row is None or reading.from_json(row.content).version != entry.version:
        number += 1
        values |= columns(entry) | {"revision": number, "edited_at": now}
        await tx.execute(
            insert(revisions).values(
                entry=name, number=number, version=entry.version, content=entry.to_json(),
                kind=Origin.ROLLBACK, note=kind, by=actor.id if actor else None,
                by_name=actor.name if actor else "", at=now,
            )
        )  # fmt: skip
    if row is None:
        await tx.execute(insert(entries).values(entry=name, revision=number, **values))
    else:
        await tx.execute(update(entries).where(entries.c.entry == name).values(**values))


async def retire(rt: Runtime, actor: Actor, name: str, why: str) -> int:
    """Take an answer away at once: no gate stands before taking back what may do harm.

    Raises:
        InvalidInput: no reason is given.
    """
    if not why.strip():
        raise InvalidInput("retire.reason")
    async with rt.db.read() as tx:
        await queries.row(tx, actor, name, "entries.publish")
    async with _busy:
        made = await candidates.build(rt, [], [name])
        return await _commit(rt, actor, made, {}, kind="retire", note=why.strip(), run=None)


async def back_to(tx: AsyncConnection, publication: int) -> dict[str, str | None]:
    """Return what must change to give parents again what they had right after a publication.

    Raises:
        NotFound: there is no such publication.
    """
    if await tx.scalar(select(publications.c.id).where(publications.c.id == publication)) is None:
        raise NotFound
    rows = await tx.execute(
        select(changes.c.entry, changes.c.old)
        .where(changes.c.publication > publication)
        .order_by(changes.c.publication.desc())
    )
    wanted: dict[str, str | None] = {}
    for row in rows:  # the earliest change after it is seen last: its old version stands
        wanted[row.entry] = row.old
    now = {
        r.entry: r.version
        for r in await tx.execute(
            select(library.published.c.entry, library.published.c.version).where(
                library.published.c.entry.in_(list(wanted))
            )
        )
    }
    return {name: version for name, version in wanted.items() if now.get(name) != version}


async def publish_due(rt: Runtime) -> int:
    """Publish what is due, each by itself; what the gate stops is marked and waits for a person."""
    async with rt.db.read() as tx:
        due = (
            await tx.execute(
                select(entries.c.entry, entries.c.content).where(
                    entries.c.state == State.APPROVED,
                    entries.c.publish_at <= rt.clock.now(),
                    entries.c.blocked_at.is_(None),
                )
            )
        ).all()
    count = 0
    for row in due:
        number = await try_out(rt, None, {row.entry: reading.from_json(row.content).version})
        try:
            await release(rt, None, number, note="")
        except InvalidInput as stopped:
            async with rt.db.write() as tx:
                await tx.execute(
                    update(entries)
                    .where(entries.c.entry == row.entry)
                    .values(blocked_at=rt.clock.now())
                )
                await audit.note(
                    rt, tx, None, "publish.blocked", f"entry:{row.entry}", why=str(stopped)
                )
        else:
            count += 1
    return count
