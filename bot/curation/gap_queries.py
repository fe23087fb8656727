"""What the pages of gaps read: everybody sees, and counts, the questions of their own places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.gap_rows import shown_title
from bot.curation.tables import gap_questions, gaps
from bot.errors import NotFound
from bot.org import scope
from bot.people import roles
from bot.people.actor import Actor, Grant
from bot.people.tables import grants, staff

WEEK = timedelta(days=7)
#: Questions shown, and offered as ways of asking.
MEMBERS_MAX = 300
_COLLEAGUES_MAX = 300
SORTS = ("weight", "rising", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap as its row has it; what it counts holds for the whole city."""

    id: int
    title: str
    state: str
    topic: str
    assignee: int | None
    merged_into: int | None
    entry: str | None
    note: str
    questions: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by; `mine` is the number of the person it is assigned to."""

    state: str = ""
    topic: str = ""
    words: str = ""
    mine: int | None = None
    sort: str = "weight"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may work on a gap."""

    id: int
    name: str


_COLUMNS = [gaps.c[name] for name in Gap.__dataclass_fields__]
_joined = gaps.join(gap_questions, gap_questions.c.gap == gaps.c.id)


def seen(actor: Actor, permission: str = "gaps.read") -> ColumnElement[bool]:
    """Return the condition for questions, joined with their gap, that a person may see."""
    return actor.sees(permission, gap_questions.c.area, gaps.c.topic)


async def one(tx: AsyncConnection, actor: Actor, gap: int, permission: str = "gaps.read") -> Gap:
    """Return a gap with at least one question this person may see.

    Raises:
        NotFound: there is none.
    """
    rest = _COLUMNS[2:]
    query = (
        select(gaps.c.id, shown_title(), *rest)
        .select_from(_joined)
        .where(gaps.c.id == gap, seen(actor, permission))
        .group_by(gaps.c.id, gaps.c.title, *rest)
    )
    row = (await tx.execute(query)).first()
    if row is None:
        raise NotFound
    return Gap(*row)


async def merged_into(tx: AsyncConnection, gap: int) -> int | None:
    """Return the gap a gap's questions went to."""
    return await tx.scalar(select(gaps.c.merged_into).where(gaps.c.id == gap))


async def reaches_further(tx: AsyncConnection, actor: Actor, gap: Gap) -> bool:
    """Say whether questions stand in a gap that this person may not work on."""
    query = (
        select(gap_questions.c.decision)
        .select_from(_joined)
        .where(gaps.c.id == gap.id, ~seen(actor, "gaps.work"))
    )
    return await tx.scalar(query.limit(1)) is not None


def _filtered(actor: Actor, wanted: Wanted, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(_joined).where(seen(actor))
    if wanted.state:
        query = query.where(gaps.c.state == wanted.state)
    if wanted.topic:
        query = query.where(
            (gaps.c.topic == wanted.topic)
            | gaps.c.topic.startswith(f"{wanted.topic}.", autoescape=True)
        )
    if wanted.words:
        said = gap_questions.alias()
        query = query.where(
            gaps.c.id.in_(
                select(said.c.gap).where(
                    said.c.text.contains(wanted.words, autoescape=True),
                    actor.sees("gaps.read", said.c.area, gaps.c.topic),
                )
            )
        )
    if wanted.mine is not None:
        query = query.where(gaps.c.assignee == wanted.mine)
    return query


async def count(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Return how many gaps fit."""
    return await tx.scalar(_filtered(actor, wanted, func.count(gaps.c.id.distinct()))) or 0


async def counts_by_state(tx: AsyncConnection, actor: Actor) -> dict[str, int]:
    """Return how many gaps stand where."""
    query = _filtered(actor, Wanted(), gaps.c.state, func.count(gaps.c.id.distinct()))
    return {r.state: r[1] for r in await tx.execute(query.group_by(gaps.c.state))}


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Wanted, now: datetime, *, offset: int, limit: int
) -> list[Any]:
    """Return a page of gaps with what this person's questions count: asked, by how many, when."""
    q = gap_questions.c
    week = func.sum(_since(now - WEEK, None)).label("week")
    before = func.sum(_since(now - 2 * WEEK, now - WEEK)).label("before")
    questions, last_at = func.count().label("questions"), func.max(q.at).label("last_at")
    order = {
        "weight": (questions.desc(), last_at.desc()),
        "rising": ((week - before).desc(), questions.desc()),
        "newest": (last_at.desc(),),
        "oldest": (func.min(q.at),),
    }[wanted.sort]
    kept = (gaps.c.id, gaps.c.state, gaps.c.topic, gaps.c.assignee, gaps.c.entry)
    query = (
        _filtered(
            actor, wanted, *kept, shown_title().label("title"), questions,
            func.count(q.asker.distinct()).label("askers"), func.min(q.at).label("first_at"),
            last_at, week, before,
        )
        .group_by(*kept, gaps.c.title)
        .order_by(*order, gaps.c.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return list((await tx.execute(query)).all())


def _since(start: datetime, end: datetime | None) -> ColumnElement[int]:
    inside = gap_questions.c.at >= literal(start, gap_questions.c.at.type)
    if end is not None:
        inside &= gap_questions.c.at < literal(end, gap_questions.c.at.type)
    return case((inside, 1), else_=0)


async def districts(
    tx: AsyncConnection, actor: Actor, numbers: Sequence[int]
) -> dict[int, set[str]]:
    """Return the districts this person's questions of each gap come from."""
    query = (
        select(gap_questions.c.gap, gap_questions.c.area)
        .select_from(_joined)
        .where(gaps.c.id.in_(numbers), seen(actor), gap_questions.c.area != "")
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for gap, area in await tx.execute(query):
        found.setdefault(gap, set()).add(district(area))
    return found


def district(area: str) -> str:
    """Return the district a place lies in."""
    return "/".join(area.split("/")[:2])


async def members(tx: AsyncConnection, actor: Actor, gap: Gap) -> list[Any]:
    """Return the questions of a gap this person may see, newest first; who asked is left out."""
    q = gap_questions.c
    query = (
        select(q.decision, q.code, q.text, q.area, q.reason, q.at)
        .select_from(_joined)
        .where(gaps.c.id == gap.id, seen(actor))
        .order_by(q.at.desc(), q.decision.desc())
        .limit(MEMBERS_MAX)
    )
    return list((await tx.execute(query)).all())


async def colleagues(tx: AsyncConnection, gap: Gap) -> list[Colleague]:
    """Return who may work on a gap: some question of it lies in a place and topic of theirs."""
    places = list(
        await tx.scalars(
            select(gap_questions.c.area).where(gap_questions.c.gap == gap.id).distinct()
        )
    )
    able = [name for name, role in roles.load().roles.items() if "gaps.work" in role.may]
    rows = await tx.execute(
        select(staff.c.id, staff.c.name, grants.c.role, grants.c.area, grants.c.topic)
        .join(grants, grants.c.staff == staff.c.id)
        .where(
            grants.c.role.in_(able), grants.c.approved_at.is_not(None),
            grants.c.ended_at.is_(None), staff.c.disabled_at.is_(None),
            scope.either(scope.speaks_for(grants.c.area, place) for place in places),
        )
        .order_by(staff.c.name, staff.c.id)
    )  # fmt: skip
    found = {
        r.id: Colleague(r.id, r.name)
        for r in rows
        if any(Grant(r.role, r.area, r.topic).covers(place, gap.topic) for place in places)
    }
    return list(found.values())[:_COLLEAGUES_MAX]


async def names(tx: AsyncConnection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the names of colleagues by their number."""
    rows = await tx.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(numbers)))
    return {r.id: r.name for r in rows}
