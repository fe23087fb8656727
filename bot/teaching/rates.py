"""How many households of a school had their home visit: a rate, from ten households on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.org import grades, scope
from bot.org.tables import units
from bot.people.actor import Actor
from bot.people.audience_figures import LEAST
from bot.people.families import children
from bot.teaching import access
from bot.teaching.access import RATES, SCHOOL
from bot.teaching.households import beginning
from bot.teaching.slots import DONE
from bot.teaching.tables import slots, visits

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Rate:
    """A school's share of households with a visit, in per cent; None: fewer than ten households."""

    name: str
    district: str
    households: int | None
    per_cent: int | None


def begins(today: date) -> datetime:
    """Return the first instant of the school year."""
    return beginning(date(grades.school_year(today), *grades.NEW_YEAR))


async def of_school(tx: AsyncConnection, area: str, since: datetime, until: datetime) -> Rate:
    """Return the rate of one school for a time."""
    bound = len((await tx.execute(_bound().where(scope.is_below(children.c.unit, area)))).all())
    here = scope.is_below(visits.c.area, area)
    done = len((await tx.execute(_done(since, until).where(here))).all())
    return _rate("", "", bound, done)


async def by_school(tx: AsyncConnection, actor: Actor, today: date, now: datetime) -> list[Rate]:
    """Return the rates of the schools one reads for, in the order of the tree, never by rate."""
    schools = (
        await tx.execute(
            select(units.c.path, units.c.name)
            .where(units.c.kind == SCHOOL, units.c.archived_at.is_(None))
            .where(access.seen(actor, RATES, units.c.path))
            .order_by(units.c.path)
        )
    ).all()
    known = {row.path for row in schools}
    bound = _count(await tx.execute(_bound().where(children.c.unit != "")), known)
    done = _count(await tx.execute(_done(begins(today), now)), known)
    districts = {"/".join(path.split("/")[:2]) for path in known}
    named = dict(
        (
            await tx.execute(select(units.c.path, units.c.name).where(units.c.path.in_(districts)))
        ).all()
    )
    return [
        _rate(row.name, named.get("/".join(row.path.split("/")[:2]), ""), bound[row.path],
              done[row.path])
        for row in schools
    ]  # fmt: skip


def _bound() -> Select[tuple[str, str, str]]:
    """Return the classes of households; a household counts once a class."""
    return select(children.c.unit, children.c.account, children.c.openid).distinct()


def _done(since: datetime, until: datetime) -> Select[tuple[str, str, str]]:
    """Return the classes of households that had a visit; only of those still bound there."""
    v, c = visits.c, children.c
    bound = (c.account == v.account) & (c.openid == v.openid) & (c.unit == v.area)
    return (
        select(v.area, v.account, v.openid)
        .join_from(visits, slots, slots.c.id == v.slot)
        .where(v.state == DONE, slots.c.starts_at >= since, slots.c.starts_at <= until)
        .where(select(c.id).where(bound).correlate(visits).exists())
        .distinct()
    )


def _count(rows: object, schools: set[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, _, _ in rows:  # type: ignore[attr-defined]
        steps = path.split("/")
        above = ("/".join(steps[:n]) for n in range(len(steps), 0, -1))
        found[next((p for p in above if p in schools), "")] += 1
    return found


def _rate(name: str, district: str, bound: int, done: int) -> Rate:
    if bound < LEAST:
        return Rate(name, district, None, None)
    return Rate(name, district, bound, min(_HUNDRED, round(_HUNDRED * done / bound)))
