"""The figures of the dashboard: small cells and what gives them away are gone before they leave.

Nothing here tells of a parent, a class or a school: facts are never finer than a district, and
districts stand in the order of the tree, never in that of a figure (MISSION, first no. 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analytics.board import ASKED, Board, Line
from bot.analytics.cells import LEAST, QUESTIONS, Cell, Kind
from bot.analytics.reading import READ, Reader, View
from bot.analytics.tables import facts
from bot.dialogue.tables import latency
from bot.dialogue.timing import percentile
from bot.errors import NotFound
from bot.org import tree
from bot.org.tree import Unit
from bot.people.actor import Actor
from knowledge.entry import AGES

#: So many topics a list shows.
TOPICS = 12
#: A topic rises when (now + SMOOTH) / (before + SMOOTH) is at least this: 1 to 3 is no trend.
SMOOTH, RISES = 20, 1.5

_WEEK = 7
_DAY, _TOPIC, _STAGE, _DISTRICT = "day", "topic", "stage", "district"
_PARTS = (Kind.CRISIS, Kind.CHOICE)
_TOPIC_PARTS = (Kind.CRISIS, Kind.CHOICE, Kind.CANDIDATES)
Cells = Mapping[tuple[Any, str], Cell]


@dataclass(frozen=True, slots=True)
class Rise:
    """A topic asked more than in the period before; `before` None: too few to be shown."""

    topic: str
    now: int
    before: int | None
    ratio: float


@dataclass(frozen=True, slots=True)
class Waits:
    """How long answers took: the bound 50, 95 and 99 of a hundred kept, and messages by bound."""

    median_ms: int | None
    p95_ms: int | None
    p99_ms: int | None
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one page shows. `is_part`: the figures are of a part of the city, and stepped.

    `missing` days of the view are not in it, because nobody has counted them. A line of `days` is
    `grain` days: a week where most single days are too small to be shown.
    """

    view: View
    is_part: bool
    missing: int
    has_before: bool
    grain: int
    total: Line
    before: Line
    days: Sequence[Line]
    topics: Sequence[Line]
    declined: Sequence[Line]
    rising: Sequence[Rise]
    stages: Sequence[Line]
    districts: Sequence[Line]
    waits: Waits | None


async def districts(tx: AsyncConnection, actor: Actor) -> list[Unit]:
    """Return the districts whose figures the person may see, in the order of the tree."""
    return [d for d in await tree.districts(tx) if actor.may(READ, d.path)]


async def figures(tx: AsyncConnection, actor: Actor, view: View, today: date) -> Figures:
    """Return the figures of a view.

    Raises:
        NotFound: the district is none, or none of theirs.
    """
    own = [d.path for d in await districts(tx, actor)]
    if view.district and view.district not in own:
        raise NotFound
    reader = await Reader.open(tx, actor, view, today)
    days, days_before = await reader.by(_DAY)
    topics, topics_before = await reader.by(_TOPIC)
    asked = _asked(topics)
    listed = sorted({*_most(asked), *_most(_of(topics, Kind.DECLINE)), *_candidates(asked)} - {""})
    board, before = Board(reader.is_part), Board(reader.is_part)
    board.total(days)
    before.total(days_before)
    grain = _grain(days)
    blocks = [view.first + timedelta(days=n) for n in range(0, view.days, grain)]
    board.table(_DAY, _in_blocks(days, view, grain), blocks)
    board.table(_TOPIC, topics, listed, never=_TOPIC_PARTS)
    before.table(_TOPIC, topics_before, listed, never=_TOPIC_PARTS)
    stages = () if view.stage else AGES
    beside = () if view.district or len(own) < 2 else own  # noqa: PLR2004 - one is the whole
    if stages:
        cells, _ = await reader.by(_STAGE, late=True)
        board.table(_STAGE, cells, stages, never=_PARTS, steps=True)
    if beside:
        cells, _ = await reader.by("area", where=facts.c.area.in_(beside), late=True)
        board.table(_DISTRICT, cells, beside, never=_PARTS, steps=True)
    lines = [board.line(_TOPIC, topic) for topic in listed]
    return Figures(
        view=view,
        is_part=reader.is_part,
        missing=reader.missing,
        has_before=reader.has_before,
        grain=grain,
        total=board.whole(),
        before=before.whole(),
        days=[board.line(_DAY, block) for block in blocks],
        topics=_longest(lines, ASKED),
        declined=_longest(lines, Kind.DECLINE),
        rising=_rising(lines, [before.line(_TOPIC, topic) for topic in listed])
        if reader.has_before
        else (),
        stages=[board.line(_STAGE, stage) for stage in stages],
        districts=[board.line(_DISTRICT, path) for path in beside],
        waits=None if reader.is_part else await _waits(tx, view),
    )


async def asked_in(tx: AsyncConnection, actor: Actor, view: View, today: date) -> Line:
    """Return the figures of the whole view alone."""
    reader = await Reader.open(tx, actor, view, today)
    days, _ = await reader.by(_DAY, late=True)
    board = Board(reader.is_part)
    board.total(days)
    return board.whole()


def _grain(days: Cells) -> int:
    """Return how many days make a line: a week where most days are too small to be shown."""
    by_day: dict[date, Cell] = {}
    for (day, kind), cell in days.items():
        if kind in QUESTIONS:
            by_day.setdefault(day, Cell()).add(cell.count, cell.day_askers, cell.lots)
    small = sum(cell.is_small for cell in by_day.values())
    return _WEEK if small > len(by_day) / 2 else 1


def _in_blocks(days: Cells, view: View, grain: int) -> Cells:
    """Return the cells by the first day of their block."""
    found: dict[tuple[date, str], Cell] = {}
    for (day, kind), cell in days.items():
        first = day - timedelta(days=(day - view.first).days % grain)
        found.setdefault((first, kind), Cell()).add(cell.count, cell.day_askers, cell.lots)
    return found


def _of(cells: Cells, kind: str) -> Counter[str]:
    return Counter({name: cell.count for (name, k), cell in cells.items() if k == kind})


def _asked(cells: Cells) -> Counter[str]:
    found: Counter[str] = Counter()
    for kind in QUESTIONS:
        found.update(_of(cells, kind))
    return found


def _most(counts: Counter[str]) -> list[str]:
    """Return more topics than a list shows: some of them may not be shown."""
    return [topic for topic, _ in counts.most_common(2 * TOPICS)]


def _candidates(counts: Counter[str]) -> list[str]:
    """Return the topics that could rise: all that are asked for often enough."""
    least = (0 + SMOOTH) * RISES - SMOOTH
    return [topic for topic, count in counts.items() if count >= max(LEAST, least)]


def _longest(lines: Sequence[Line], kind: str) -> list[Line]:
    """Return the topics shown with most; equal figures in the order of the names."""
    shown = [(count, line) for line in lines if (count := line.counts[kind])]
    return [line for _, line in sorted(shown, key=lambda s: (-s[0], s[1].name))][:TOPICS]


def _rising(now: Sequence[Line], before: Sequence[Line]) -> list[Rise]:
    """Return what rises; a figure too small to be shown counts as the most it can be."""
    found = []
    for line, past in zip(now, before, strict=True):
        count, earlier = line.counts[ASKED], past.counts[ASKED]
        if count is None:
            continue
        ratio = (count + SMOOTH) / ((LEAST if earlier is None else earlier) + SMOOTH)
        if ratio >= RISES:
            found.append(Rise(line.name, count, earlier, ratio))
    return sorted(found, key=lambda rise: (-rise.ratio, rise.topic))[:TOPICS]


async def _waits(tx: AsyncConnection, view: View) -> Waits | None:
    rows = await tx.execute(
        select(latency.c.within_ms, latency.c.count).where(
            latency.c.day.between(view.first, view.last)
        )
    )
    counts: Counter[int] = Counter()
    for bound, count in rows:
        counts[bound] += count
    if counts.total() < LEAST:
        return None
    median, p95, p99 = (percentile(counts, share) for share in (0.5, 0.95, 0.99))
    return Waits(median, p95, p99, counts)
