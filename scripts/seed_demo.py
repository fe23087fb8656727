"""Sixty days of questions nobody asked: the wordings of the base, drawn with a fixed seed."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

sys.path.insert(0, str(Path(__file__).parents[1]))
from bot import app, settings
from bot.analytics import daily, jobs
from bot.clock import day
from bot.db import bulk
from bot.db.migrate import upgrade
from bot.dialogue import codes
from bot.dialogue.tables import latency
from bot.dialogue.timing import BOUNDS_MS
from bot.directory import actions as directory
from bot.errors import BotError, InvalidInput
from bot.handoff.tables import alerts
from bot.library.tables import decisions
from bot.org import tree
from bot.runtime import Runtime
from knowledge import files
from knowledge.entry import Entry, Status

#: Parts of a hundred; what a fair is like is anybody's guess.
_BANDS = {"answer": 79, "candidates": 11, "decline": 9, "crisis": 1}
_HOURS = [1, 1, 0, 0, 0, 1, 3, 6, 7, 6, 6, 6, 8, 6, 5, 5, 6, 7, 9, 12, 16, 17, 12, 5]
_KNOWN_AREA, _VOTES, _HELPFUL, _CHOICE = 0.6, 0.22, 0.86, 0.08
_WAITS = [2, 38, 34, 15, 6, 3, 1.2, 0.5, 0.2, 0.05, 0.05]
_RISING, _RISES_FOR = ("emo.exam", "study.plan", "teen.friend"), 25
_CRISES = (("self_harm", 3), ("bullying", 2), ("abuse", 3), ("runaway", 2), ("medical", 2))


@dataclass
class Wording:
    """One way of asking, with the age band it names."""

    text: str
    stage: str
    entry: Entry


class Draw:
    """Everything that is drawn, from one seed."""

    def __init__(self, rt: Runtime, seed: int, areas: list[str]) -> None:
        self.rt, self.dice, self.number = rt, random.Random(seed), 0  # noqa: S311 - made up
        self.by_topic: dict[str, list[Wording]] = {}
        for entry in files.load():
            if entry.status is Status.PUBLISHED:
                told = [Wording(t, _stage(rt, t), entry) for t in entry.askings()]
                self.by_topic.setdefault(entry.topic, []).extend(told)
        self.topics = sorted(self.by_topic)
        self.weights = {t: self.dice.lognormvariate(0, 0.7) for t in self.topics}
        size = [self.dice.uniform(0.4, 1.6) for _ in areas[:-2]] + [0.12, 0.3]
        homes = self.dice.choices(areas, size, k=6000)
        self.askers = [
            (f"{self.dice.getrandbits(48):012x}", a if self.dice.random() < _KNOWN_AREA else "")
            for a in homes
        ]

    def rows(self, one: date, count: int, age: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the table and the row of each question of a day that is `age` days past."""
        pull = dict(self.weights)
        for topic in _RISING:
            pull[topic] = pull.get(topic, 1) * (1 + 5 * max(0, 1 - age / _RISES_FOR))
        topics = self.dice.choices(self.topics, [pull[t] for t in self.topics], k=count)
        for topic in topics:
            band = self.dice.choices(list(_BANDS), list(_BANDS.values()))[0]
            at = self._moment(one)
            if at > self.rt.clock.now():
                continue
            asker, area = self.dice.choice(self.askers)
            wording = self.dice.choice(self.by_topic[topic])
            if band == "crisis":
                yield "alert", self._alert(at, asker, area, wording.stage)
            else:
                yield "decision", self._decision(at, asker, area, wording, band)

    def _moment(self, one: date) -> datetime:
        hour = self.dice.choices(range(24), _HOURS)[0]
        return daily.bounds(one)[0] + timedelta(hours=hour, seconds=self.dice.randrange(3600))

    def _alert(self, at: datetime, asker: str, area: str, stage: str) -> dict[str, Any]:
        category, severity = self.dice.choice(_CRISES)
        return {
            "at": at, "asker": asker, "kind": "crisis", "category": category,
            "severity": severity, "rule": "demo", "choice": None, "area": area, "stage": stage,
        }  # fmt: skip

    def _decision(
        self, at: datetime, asker: str, area: str, wording: Wording, band: str
    ) -> dict[str, Any]:
        self.number += 1
        entry, answered = wording.entry, band == "answer"
        is_choice = answered and self.dice.random() < _CHOICE
        voted = answered and self.dice.random() < _VOTES
        vote = (1 if self.dice.random() < _HELPFUL else -1) if voted else None
        sure = {"answer": (0.8, 0.99), "candidates": (0.4, 0.8), "decline": (0.02, 0.4)}[band]
        probability = round(self.dice.uniform(*sure), 4)
        return {
            "code": codes.code(self.rt.code_key, "demo", str(self.number)),
            "at": at, "asker": asker, "text": wording.text, "intent": "ask_question",
            "band": band, "rule": "choice" if is_choice else "match",
            "entry": entry.id if answered else None,
            "version": entry.version if answered else None,
            "base_version": "demo", "probability": probability,
            "hits": json.dumps([(entry.id, round(probability, 3))]),
            "feedback": vote, "feedback_at": at + timedelta(minutes=2) if vote else None,
            "area": area, "stage": wording.stage, "topic": entry.topic,
        }  # fmt: skip


def _stage(rt: Runtime, text: str) -> str:
    ages = list(rt.understander.understand(text).slots.get("ages", ()))
    return str(ages[0]) if len(ages) == 1 else ""


async def seed(rt: Runtime, *, days: int, a_day: int, number: int) -> Counter[str]:
    """Fill the database; returns how many rows of each table were made.

    Raises:
        InvalidInput: there are records already.
    """
    async with rt.db.write() as tx:
        if await tx.scalar(select(func.count()).select_from(decisions)):
            raise InvalidInput("this database has records of answers: nothing was made up")
        await tree.seed(tx, rt.clock.now())
        await directory.seed(tx, rt.clock.now())
    async with rt.db.read() as tx:
        areas = [d.path for d in await tree.districts(tx)]
    draw, made = Draw(rt, number, areas), Counter[str]()
    for age in range(days - 1, -1, -1):
        one = day(rt.clock.now()) - timedelta(days=age)
        busy = 1.15 if one.weekday() in (6, 0) else 1.0
        count = round(a_day * busy * (1.2 - 0.4 * age / days) * draw.dice.uniform(0.93, 1.07))
        rows: dict[str, list[dict[str, Any]]] = {"decision": [], "alert": []}
        for table, row in draw.rows(one, count, age):
            rows[table].append(row)
        rows["latency"] = [
            {"day": one, "within_ms": bound, "count": round(count * 1.4 * share / 100)}
            for bound, share in zip((*BOUNDS_MS, 0), _WAITS, strict=True)
        ]
        await rt.db.transact(partial(_write, rows))
        made.update({name: len(found) for name, found in rows.items()})
    await jobs.count_days(rt)
    return made


def _write(rows: Mapping[str, list[dict[str, Any]]], tx: Connection) -> None:
    for table in (decisions, alerts, latency):
        found = rows[table.name]
        if found:
            statement = insert(table).values({name: bindparam(name) for name in found[0]})
            bulk.execute(tx, statement, found)


async def main() -> None:
    """Seed the database of the settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--a-day", type=int, default=900)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    try:
        read = settings.load()
        upgrade(read.url)
        async with app.opened(read) as rt:
            made = await seed(rt, days=given.days, a_day=given.a_day, number=given.seed)
    except BotError as error:
        sys.exit(f"seed-demo: {error}")
    print(", ".join(f"{count} rows of {table}" for table, count in sorted(made.items())))


if __name__ == "__main__":
    asyncio.run(main())
