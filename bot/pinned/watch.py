"""Every minute: what is asked far more often than usual in a district."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library import find
from bot.logs import log
from bot.pinned import asked as asking
from bot.pinned.asked import Asked, Cluster
from bot.pinned.numbers import numbers
from bot.pinned.tables import ALIVE, SurgeState, surges
from bot.runtime import Runtime
from knowledge.clusters import Clusters

_LOCK = 4_105_2027


@dataclass(frozen=True, slots=True)
class _Known:
    """A surge that stands already, or was closed not long ago, and its wordings."""

    id: int
    state: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rise:
    """A cluster that rises, and what is usual for it."""

    cluster: Cluster
    usual: float
    known: _Known | None


async def watch_surges(rt: Runtime) -> int:
    """Compare the last hour with the same hour of the days before; returns how many rise.

    Counted by the district of the parent as the decision has it; parents of no known place make one
    more, which the whole city's staff see.
    """
    now, rule = rt.clock.now(), numbers()["surge"]
    async with rt.db.read() as tx:
        first = now - timedelta(minutes=rule["minutes"])
        areas = await asking.busy(tx, first, now, rule["least"])
        if not areas:
            return 0
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
    found = 0
    for area in areas:
        known, rises = await _rises(rt, area, now)
        if rises:
            async with rt.db.write() as tx:
                await _keep(tx, area, known, rises, now)
        found += len(rises)
    return found


async def _rises(rt: Runtime, area: str, now: datetime) -> tuple[Sequence[_Known], Sequence[_Rise]]:
    rule, window = numbers()["surge"], timedelta(minutes=numbers()["surge"]["minutes"])
    async with rt.db.read() as tx:
        known = await _known(tx, area, now)
        questions = await asking.asked(tx, area, now - window, now, rule["most"])
    clusters, large = await asyncio.to_thread(_large, rt, questions, known)
    if not large:
        return known, []
    before: list[Asked] = []
    async with rt.db.read() as tx:
        for days in range(1, rule["days"] + 1):
            last = now - timedelta(days=days)
            before += await asking.asked(tx, area, last - window, last, rule["most"])
    usual = await asyncio.to_thread(asking.counts, clusters, before)
    return known, _rising(large, usual, known)


def _large(
    rt: Runtime, questions: Sequence[Asked], known: Sequence[_Known]
) -> tuple[Clusters, list[Cluster]]:
    """Return the clusters with enough questions of enough people."""
    rule, index = numbers()["surge"], find.now(rt).index
    words = [k.words for k in known]
    clusters, found = asking.grouped(index, questions, words, rule["wordings"])
    return clusters, [c for c in found if c.count >= rule["least"] and c.askers >= rule["askers"]]


def _rising(
    large: Sequence[Cluster], before: Mapping[int, int], known: Sequence[_Known]
) -> list[_Rise]:
    rule, rises = numbers()["surge"], []
    for cluster in large:
        usual = before[cluster.number] / rule["days"]
        if cluster.count >= rule["times"] * usual:
            stood = None if cluster.known is None else known[cluster.known]
            rises.append(_Rise(cluster, usual, stood))
    return rises


async def _known(tx: AsyncConnection, area: str, now: datetime) -> list[_Known]:
    muted = now - timedelta(hours=numbers()["surge"]["mute_hours"])
    rows = (
        await tx.execute(
            select(surges.c.id, surges.c.state, surges.c.samples)
            .where(surges.c.area == area, surges.c.state.in_(ALIVE) | (surges.c.closed_at > muted))
            .order_by(surges.c.id)
        )
    ).all()
    samples = {r.id: asking.read_samples(r.samples) for r in rows}
    told = await asking.words(tx, [n for listed in samples.values() for n in listed])
    found = [
        _Known(r.id, r.state, tuple(told[n] for n in samples[r.id] if n in told)) for r in rows
    ]
    return [known for known in found if known.words]


async def _keep(
    tx: AsyncConnection,
    area: str,
    known: Sequence[_Known],
    rises: Sequence[_Rise],
    now: datetime,
) -> None:
    """Raise what is new, bring up to date what stands; what was closed just now stays closed.

    Where another worker has raised something meanwhile, what is new waits for the next minute.
    """
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        await tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    is_late = {k.id for k in await _known(tx, area, now)} > {k.id for k in known}
    for rise in rises:
        if rise.known is not None:
            await tx.execute(
                update(surges)
                .where(surges.c.id == rise.known.id, surges.c.state.in_(ALIVE))
                .values(**_figures(rise), last_at=now)
            )
        elif not is_late:
            made = await tx.execute(insert(surges).values(area=area, **_new(rise, now)))
            assert made.inserted_primary_key is not None
            log.info("surge_raised", surge=made.inserted_primary_key[0])


def _new(rise: _Rise, now: datetime) -> dict[str, Any]:
    return {
        **_figures(rise), "state": SurgeState.OPEN, "note": "", "first_at": now, "last_at": now,
    }  # fmt: skip


def _figures(rise: _Rise) -> dict[str, Any]:
    cluster = rise.cluster
    return {
        "topic": cluster.topic, "samples": json.dumps(cluster.samples), "count": cluster.count,
        "askers": cluster.askers, "usual": round(rise.usual, 2),
    }  # fmt: skip
