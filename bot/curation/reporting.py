"""What the gate and the replay found, as data for the pages; parents' words stay de-identified."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.library import find, verdict
from bot.library.candidate import Candidate
from bot.library.tables import decisions
from bot.runtime import Runtime
from knowledge import gate
from knowledge import impact as replaying
from knowledge.impact import Asked, Base, Impact, Seen
from knowledge.outcomes import Check, Result

DAYS = 30
#: The newest records looked at, and the different texts replayed: bounds, so that it takes seconds.
_RECORDS, _TEXTS = 50_000, 3_000
_SHIFTS = 200


async def impact(rt: Runtime, made: Candidate) -> Impact:
    """Replay the questions of the last 30 days on the base in force and on the candidate."""
    asked = await recent(rt)
    held = find.now(rt)
    return await asyncio.to_thread(
        replaying.impact,
        Base(held.index, held.versions),
        Base(made.index, made.versions),
        held.judge,
        asked,
        find.scope(rt),
    )


async def recent(rt: Runtime) -> list[Asked]:
    """Return what was asked in the last 30 days, each text once, the most asked first."""
    since = rt.clock.now() - timedelta(days=DAYS)
    newest = (
        select(decisions.c.id, decisions.c.text, decisions.c.feedback)
        .where(decisions.c.at >= since, decisions.c.rule.in_(verdict.SEARCHED))
        .order_by(decisions.c.at.desc())
        .limit(_RECORDS)
        .subquery()
    )
    grouped = (
        select(
            newest.c.text,
            func.count().label("times"),
            func.coalesce(func.sum(newest.c.feedback), 0).label("votes"),
            func.max(newest.c.id).label("last"),
        )
        .group_by(newest.c.text)
        .order_by(func.count().desc(), newest.c.text)
        .limit(_TEXTS)
        .subquery()
    )
    query = select(grouped, decisions.c.entry).join(decisions, decisions.c.id == grouped.c.last)
    async with rt.db.read() as tx:
        rows = (await tx.execute(query)).all()
    return [Asked(r.text, r.times, r.entry, int(r.votes)) for r in rows]


def to_json(report: gate.Report, found: Impact) -> str:
    """Return both as JSON, for the row of the gate's run."""
    data = {
        "by_kind": {k: list(v) for k, v in report.by_kind.items()},
        "by_topic": {k: list(v) for k, v in report.by_topic.items() if v.passed < v.checks},
        "worse": [_regression(r) for r in report.worse],
        "better": len(report.better),
        "shaken": [_regression(r) for r in report.shaken],
        "orphaned": [_check(c) for c in report.orphaned],
        "silent": [_check(c) for c in report.silent],
        "risky": [_regression(r) for r in report.risky if r not in report.worse],
        "misplaced": [
            {"entry": m.entry, "nearer": m.nearer, "why": str(m.why), "own": round(m.own, 3),
             "other": round(m.other, 3)}
            for m in report.misplaced
        ],
        "asked": found.asked,
        "totals": {str(kind): count for kind, count in found.totals.items()},
        "shifts": [
            {"text": s.text, "count": s.count, "kind": str(s.kind), "before": _seen(s.before),
             "after": _seen(s.after)}
            for s in found.shifts[:_SHIFTS]
        ],
        "all_shifts": len(found.shifts),
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False)


def _check(check: Check) -> dict[str, Any]:
    return {"text": check.text, "expected": sorted(check.expected), "topic": check.topic}


def _regression(pair: gate.Regression) -> dict[str, Any]:
    return _check(pair.check) | {
        "before": _result(pair.before),
        "after": _result(pair.after),
        "misplaced": pair.is_misplaced,
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "outcome": result.outcome.name.lower(),
        "hits": [{"entry": h.entry, "score": round(h.score, 3)} for h in result.hits],
    }


def _seen(seen: Seen) -> dict[str, Any]:
    return {"band": str(seen.band), "entries": list(seen.entries)}
