"""Every hour: what is asked more than in the days before, district by district."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU, day
from bot.library import find
from bot.logs import log
from bot.pinned import asked as asking
from bot.pinned.asked import Asked, Cluster
from bot.pinned.numbers import numbers
from bot.pinned.tables import hot
from bot.runtime import Runtime
from knowledge.judge import Band


@dataclass(frozen=True, slots=True)
class _Rising:
    cluster: Cluster
    before: int
    entry: str | None


async def count_hot(rt: Runtime) -> int:
    """Count the last days' rising topics anew; returns how many there are."""
    today, rule, found = day(rt.clock.now()), numbers()["hot"], 0
    last = datetime.combine(today + timedelta(days=1), time(), GUANGZHOU)
    first = last - timedelta(days=rule["days"])
    async with rt.db.read() as tx:
        areas = await asking.busy(tx, first, last, rule["least"])
        if areas:
            await tx.run_sync(lambda connection: find.refresh(rt, connection))
    for area in areas:
        rising = await _rising(rt, area, first, last)
        async with rt.db.write() as tx:
            await _keep(tx, area, today, rising)
        found += len(rising)
    await _forget(rt, today, areas)
    log.info("hot_counted", places=len(areas), topics=found)
    return found


async def _rising(rt: Runtime, area: str, first: datetime, last: datetime) -> list[_Rising]:
    rule = numbers()["hot"]
    async with rt.db.read() as tx:
        now = await asking.asked(tx, area, first, last, rule["most"])
        earlier = first - timedelta(days=rule["days"])
        before = await asking.asked(tx, area, earlier, first, rule["most"])
    return await asyncio.to_thread(_compared, rt, now, before)


def _compared(rt: Runtime, now: Sequence[Asked], before: Sequence[Asked]) -> list[_Rising]:
    rule = numbers()["hot"]
    clusters, found = asking.grouped(find.now(rt).index, now, (), rule["wordings"])
    texts = {q.id: q.text for q in now}
    rising, earliers = [], asking.counts(clusters, before)
    for cluster in found:
        if cluster.count < rule["least"] or cluster.askers < rule["askers"]:
            continue
        earlier = earliers[cluster.number]
        if cluster.count >= rule["times"] * earlier:
            entry = _suggested(rt, [texts[n] for n in cluster.samples])
            rising.append(_Rising(cluster, earlier, entry))
    ordered = sorted(rising, key=lambda r: (r.before - r.cluster.count, r.cluster.number))
    return ordered[: rule["shown"]]


def _suggested(rt: Runtime, wordings: Sequence[str]) -> str | None:
    """Return the published entry that most of the wordings are answered with, if any is."""
    hits = [f.hits[0].entry for f in (find.find(rt, w) for w in wordings) if f.band is Band.ANSWER]
    return max(hits, key=lambda entry: (hits.count(entry), entry)) if hits else None


async def _keep(tx: AsyncConnection, area: str, today: date, rising: Sequence[_Rising]) -> None:
    await tx.execute(delete(hot).where(hot.c.day == today, hot.c.area == area))
    rows = [
        {
            "day": today, "area": area, "place": place, "topic": r.cluster.topic,
            "samples": json.dumps(r.cluster.samples), "count": r.cluster.count,
            "before": r.before, "askers": r.cluster.askers, "entry": r.entry,
        }
        for place, r in enumerate(rising, 1)
    ]  # fmt: skip
    if rows:
        await tx.execute(insert(hot), rows)


async def _forget(rt: Runtime, today: date, areas: Sequence[str]) -> None:
    """Take away what a place no longer has, and what is old."""
    oldest = today - timedelta(days=rt.settings.decision_days)
    async with rt.db.write() as tx:
        gone = (hot.c.day == today) & hot.c.area.not_in(areas)
        await tx.execute(delete(hot).where(gone | (hot.c.day < oldest)))
