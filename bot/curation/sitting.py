"""A sitting: the published base is asked every golden question, and compared with last time."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import gating, golden
from bot.curation.tables import golden_runs
from bot.library import find
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import outcomes
from knowledge.outcomes import Check, Outcome, Result

#: Outcomes nobody has to look at.
GOOD = (Outcome.RIGHT, Outcome.OFFERED, Outcome.DECLINED, Outcome.ALARM)
_KEPT = 50


async def sit(rt: Runtime, actor: Actor) -> int:
    """Ask the base in force everything that is active, in a thread; returns the sitting."""
    async with rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
        questions = await golden.load(rt, tx)
        before = await last(tx)
    held, scope = find.now(rt), find.scope(rt)

    def alarm(text: str) -> bool:
        return golden.is_alarm(rt, text)

    async with gating.busy(rt):
        started = asyncio.get_running_loop().time()
        results = await asyncio.to_thread(
            outcomes.run, held.index, held.judge, questions.checks, scope, alarm
        )
        seconds = asyncio.get_running_loop().time() - started
    known = json.loads(before.report)["outcomes"] if before else {}
    report = _report(questions.checks, results, known)
    async with rt.db.write() as tx:
        made = await tx.execute(
            insert(golden_runs).values(
                at=rt.clock.now(), base=held.index.version, questions=questions.version,
                seconds=seconds, report=json.dumps(report, ensure_ascii=False), by=actor.id,
                by_name=actor.name,
            )
        )  # fmt: skip
        assert made.inserted_primary_key is not None
        number = int(made.inserted_primary_key[0])
        await tx.execute(delete(golden_runs).where(golden_runs.c.id <= number - _KEPT))
        await audit.note(rt, tx, actor, "golden.sat", f"sitting:{number}", checks=len(results))
    return number


async def last(tx: AsyncConnection) -> Any:
    """Return the last sitting; None when there was none."""
    query = select(golden_runs).order_by(golden_runs.c.id.desc()).limit(1)
    return (await tx.execute(query)).first()


def _report(
    checks: Sequence[Check], results: Sequence[Result], known: Mapping[str, int]
) -> dict[str, Any]:
    pairs = list(zip(checks, results, strict=True))
    moved = [
        (_case(c, r) | {"was": Outcome(known[c.id]).name.lower()}, r.outcome.goodness)
        for c, r in pairs
        if c.id in known and Outcome(known[c.id]).goodness != r.outcome.goodness
    ]
    was = {case["id"]: Outcome(known[case["id"]]).goodness for case, _ in moved}
    return {
        "by_kind": _sums((str(c.kind), r.outcome) for c, r in pairs),
        "by_topic": _sums((c.topic, r.outcome) for c, r in pairs if c.topic),
        "failed": [_case(c, r) for c, r in pairs if r.outcome not in GOOD],
        "worse": [case for case, now in moved if now < was[case["id"]]],
        "better": [case for case, now in moved if now > was[case["id"]]],
        "compared": sum(c.id in known for c in checks),
        "outcomes": {c.id: int(r.outcome) for c, r in pairs},
    }


def _sums(pairs: Iterable[tuple[str, Outcome]]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, outcome in pairs:
        found[name][outcome.name.lower()] += 1
    return {name: dict(sums) for name, sums in sorted(found.items())}


def _case(check: Check, result: Result) -> dict[str, Any]:
    return {
        "id": check.id,
        "text": check.text,
        "topic": check.topic,
        "expected": sorted(check.expected),
        "outcome": result.outcome.name.lower(),
        "hits": [{"entry": h.entry, "score": round(h.score, 3)} for h in result.hits],
    }
