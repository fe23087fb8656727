"""The questions every publish must pass: rows for the curators, checks for the gate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.tables import golden
from bot.runtime import Runtime
from intents import Understander
from knowledge import golden as files
from knowledge.outcomes import Check, Kind

_DANGER = Path(__file__).parents[2] / "intents" / "crisis" / "examples" / "danger.yaml"


@dataclass(frozen=True, slots=True)
class Questions:
    """The active questions as checks, and a hash that changes with any of them."""

    checks: tuple[Check, ...]
    version: str


async def load(rt: Runtime, tx: AsyncConnection) -> Questions:
    """Return what a candidate is asked: golden and out-of-scope rows, and texts of danger."""
    rows = (
        await tx.execute(
            select(golden.c.id, golden.c.text, golden.c.expected, golden.c.topic)
            .where(golden.c.active)
            .order_by(golden.c.id)
        )
    ).all()
    checks = [_check(row) for row in rows]
    said = json.dumps([(c.id, c.text, sorted(c.expected)) for c in checks], ensure_ascii=False)
    version = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Questions((*checks, *danger(rt)), version)


def _check(row: Any) -> Check:
    expected = frozenset(json.loads(row.expected))
    kind = Kind.GOLDEN if expected else Kind.OUTSIDE
    return Check(str(row.id), row.text, expected, kind, row.topic)


def danger(rt: Runtime) -> tuple[Check, ...]:
    """Return the texts of danger that raise the alarm today; they must go on doing so.

    The alarm looks at rules and words, not at the base; it is asked all the same, so that a change
    of both together cannot pass unseen.
    """
    return _alarming(rt.understander)


def is_alarm(rt: Runtime, text: str) -> bool:
    """Say whether a text puts help first."""
    return rt.understander.understand(text).crisis is not None


@cache
def _alarming(understander: Understander) -> tuple[Check, ...]:
    texts = (t for t in _danger_texts() if understander.understand(t).crisis is not None)
    return tuple(
        Check(f"danger-{n}", text, frozenset(), Kind.DANGER) for n, text in enumerate(texts, 1)
    )


@cache
def _danger_texts() -> tuple[str, ...]:
    data = yaml.load(_DANGER.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(
        text for by_grade in data.values() for texts in by_grade.values() for text in texts
    )


async def seed(rt: Runtime, tx: AsyncConnection, topics: dict[str, str]) -> int:
    """Take over the questions of knowledge/eval: new ones are added, changed ones follow the file.

    Those of files that are gone become inactive; the curators' own are left alone.
    Returns how many were added or changed.
    """
    wanted = {q.id: (q.text, sorted(q.expected), style) for style, q in _of_files()}
    known = {r.key: r for r in await tx.execute(select(golden).where(golden.c.source == "file"))}
    now, count, new = rt.clock.now(), 0, []
    for key, (text, expected, style) in wanted.items():
        values = {
            "text": text, "expected": json.dumps(expected), "style": style, "active": True,
            "topic": topics.get(expected[0], "") if expected else "",
        }  # fmt: skip
        have = known.get(key)
        if have is None:
            new.append({"key": key, "source": "file", "at": now, **values})
        elif (have.text, have.expected) != (text, values["expected"]):
            await tx.execute(update(golden).where(golden.c.key == key).values(**values))
        else:
            continue
        count += 1
    if new:
        await tx.execute(insert(golden), new)
    gone = known.keys() - wanted.keys()
    if gone:
        await tx.execute(update(golden).where(golden.c.key.in_(gone)).values(active=False))
    return count


@cache
def _of_files() -> Sequence[tuple[str, Any]]:
    return tuple((style, q) for style, questions in files.read().items() for q in questions)
