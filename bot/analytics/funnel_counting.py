"""People counted for the funnel: the database adds up by place, the tree by unit.

A parent has one place: the class of the child that was told of first, else the place of the code by
which the account was followed, else none but the city. Two queries, each one
pass over the rows, once a day: a million parents with a course each take 10 s on PostgreSQL, all of
it (docs/performance.md). Pages read the figures alone. Nobody's row leaves here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, false, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analytics import certified
from bot.analytics.funnel import Funnel, Key, Step
from bot.org.tables import units
from bot.people.audience_rows import scene_path
from bot.people.consents import Kind
from bot.people.families import children, consents, guardians
from bot.people.followers import followers
from bot.school.course_tables import course_versions, courses
from bot.school.courses import loads
from bot.school.learner_tables import enrolments
from bot.school.states import Standing

#: What a line of the funnel may be: a grade or a class is none.
LINES = ("city", "district", "street", "station", "community", "school")

#: For each sort and each join; there are about ten.
_ROOM = text("SET LOCAL work_mem = '64MB'")
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Places:
    """The units that have a line, in the order they were entered; `below` each the next ones."""

    root: str
    below: Mapping[str, Sequence[str]]

    def of(self, path: str) -> str:
        """Return the line a place counts in: itself or one above; the root for no place."""
        while path and path not in self.below:
            path = path.rpartition("/")[0]
        return path or self.root

    def above(self, area: str) -> list[str]:
        """Return a line and all that hold it."""
        steps = area.split("/")
        found = ["/".join(steps[:n]) for n in range(len(steps), 0, -1)]
        return [path for path in found if path in self.below]


async def places(tx: AsyncConnection) -> Places | None:
    """Return the tree down to schools; None: there is none yet."""
    rows = await tx.execute(
        select(units.c.path, units.c.parent)
        .where(units.c.kind.in_(LINES), units.c.archived_at.is_(None))
        .order_by(units.c.id)
    )
    parents = {row.path: row.parent for row in rows}
    root = next((path for path, parent in parents.items() if not parent), None)
    if root is None:
        return None
    below: dict[str, list[str]] = {path: [] for path in parents if path.split("/")[0] == root}
    for path, parent in parents.items():
        if parent in below:
            below[parent].append(path)
    return Places(root, below)


async def count(tx: AsyncConnection, account: str) -> Funnel | None:
    """Return the funnel of the account as it stands; None: no tree to count by."""
    known = await places(tx)
    if known is None:
        return None
    await give_room(tx)
    made = Funnel(known.root)
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for place, *counts in await tx.execute(_people(account)):
        for area in known.above(known.of(place)):
            people[area].update(dict(zip(Step, map(int, counts), strict=True)))
    made.people(known.below, people)
    made.courses(known.below[known.root], await _taken(tx, account, known))
    return made


async def give_room(tx: AsyncConnection) -> None:
    """Let PostgreSQL sort and join in memory in this transaction: with 4 MB it spills to disk."""
    if tx.dialect.name == "postgresql":
        await tx.execute(_ROOM)


async def programmes(tx: AsyncConnection) -> dict[str, tuple[str, str]]:
    """Return the programme and the title of every course that was published."""
    rows = await tx.execute(
        select(courses.c.id, courses.c.title, course_versions.c.content).join_from(
            courses,
            course_versions,
            (course_versions.c.course == courses.c.id)
            & (course_versions.c.number == courses.c.version),
        )
    )
    return {row.id: (loads(row.content).programme, row.title) for row in rows}


async def _taken(tx: AsyncConnection, account: str, known: Places) -> dict[Key, int]:
    named = await programmes(tx)
    found: Counter[Key] = Counter()
    for place, course, started, completed in await tx.execute(_courses(account)):
        programme = named.get(course, ("", ""))[0]
        if not programme:
            continue
        line = known.of(place)
        # the city, and the district below it
        for area in known.above(line)[-2:]:
            found[Key(area, programme, course, Step.STARTED)] += started
            found[Key(area, programme, course, Step.COMPLETED)] += int(completed)
    return dict(found)


def _people(account: str) -> Select[Any]:
    """Return rows (place, count of each step) of those who follow."""
    kid, agrees, took, holds = _first_child(), _agreed_to_lessons(), _took(), certified.holders()
    source, has = _served(kid), guardians.c.openid.is_not(None)
    source = source.outerjoin(agrees, _same(agrees)).outerjoin(took, _same(took))
    holder: ColumnElement[bool] = false()
    if holds is not None:
        held = holds.subquery()
        source, holder = source.outerjoin(held, _same(held)), held.c.openid.is_not(None)
    conditions = (
        has & (kid.c.unit != ""),
        has,
        has & func.coalesce(agrees.c.is_given, False),
        has & took.c.openid.is_not(None),
        has & (took.c.finished > 0),
        has & holder,
    )
    place = _place(kid)
    counts = [func.sum(case((condition, 1), else_=0)) for condition in conditions]
    columns: list[ColumnElement[Any]] = [place, func.count(), *counts]
    chosen: Select[Any] = select(*columns).select_from(source)
    return chosen.where(_follows(account)).group_by(place)


def _courses(account: str) -> Select[Any]:
    """Return rows (place, course, started, completed)."""
    kid = _first_child()
    place = _place(kid)
    source = _served(kid, outer=False).join(enrolments, _same(enrolments))
    finished = func.sum(case((_is_finished(), 1), else_=0))
    chosen = select(place, enrolments.c.course, func.count(), finished).select_from(source)
    return chosen.where(_follows(account)).group_by(place, enrolments.c.course)


def _served(kid: FromClause, *, outer: bool = True) -> Any:
    """Return followers, who agreed of them, and the first child of each with a class."""
    return followers.join(guardians, _same(guardians), isouter=outer).outerjoin(kid, _same(kid))


def _follows(account: str) -> ColumnElement[bool]:
    return followers.c.follows & (followers.c.account == account)


def _same(table: FromClause) -> ColumnElement[bool]:
    return and_(table.c.account == followers.c.account, table.c.openid == followers.c.openid)


def _place(kid: FromClause) -> ColumnElement[str]:
    return func.coalesce(kid.c.unit, scene_path).label("place")


def _first_child() -> FromClause:
    """Return the first child with a class of each: one pass in the index's order, no join."""
    c = children.c
    place = func.row_number().over(partition_by=(c.account, c.openid), order_by=c.id)
    ranked = (
        select(c.account, c.openid, c.unit, place.label("place")).where(c.unit != "").subquery()
    )
    first = select(ranked.c.account, ranked.c.openid, ranked.c.unit)
    return first.where(ranked.c.place == 1).subquery("kid")


def _agreed_to_lessons() -> FromClause:
    """Return what counts of those who were asked whether they want to hear of lessons.

    The last word counts: the last yes came after the last no.
    """
    c = consents.c
    yes = func.max(case((c.is_given, c.id), else_=0))
    no = func.max(case((c.is_given, 0), else_=c.id))
    chosen = select(c.account, c.openid, (yes > no).label("is_given"))
    asked = chosen.where(c.kind == Kind.LESSONS, c.openid != "")
    return asked.group_by(c.account, c.openid).subquery("agrees")


def _took() -> FromClause:
    finished = func.sum(case((_is_finished(), 1), else_=0)).label("finished")
    chosen = select(enrolments.c.account, enrolments.c.openid, finished)
    return chosen.group_by(enrolments.c.account, enrolments.c.openid).subquery("took")


def _is_finished() -> ColumnElement[bool]:
    """Return the condition that a course was finished once; to take it again changes nothing."""
    return enrolments.c.finished_at.is_not(None) | (enrolments.c.state == Standing.FINISHED)
