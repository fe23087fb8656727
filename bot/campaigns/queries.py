"""Reading campaigns within somebody's scope; what lies outside is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.draft import Campaign, of_row
from bot.campaigns.states import State, Verdict
from bot.campaigns.tables import campaigns, reviews
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage
from bot.errors import NotFound
from bot.org import scope
from bot.org.tables import units
from bot.people.actor import Actor

READ, EDIT = "campaigns.read", "campaigns.edit"
APPROVE, STOP, RELEASE = "campaigns.approve", "campaigns.stop", "sending.release"
#: A campaign is about no topic: a role for one topic alone does not reach it.
NO_TOPIC = ""
#: The same text to the same people within so long is asked about.
AGAIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Review:
    """One line of a campaign's history."""

    at: datetime
    by: int
    by_name: str
    verdict: Verdict
    digest: str
    note: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign with where its broadcast stands; None: nothing was ordered."""

    campaign: Campaign
    stage: Stage | None


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition of the campaigns somebody may see, or do this with."""
    no_topic: ColumnElement[str] = literal(NO_TOPIC)
    return actor.sees(permission, campaigns.c.area, no_topic)


def may(actor: Actor, permission: str, area: str) -> bool:
    """Say whether somebody may do this with a campaign of this node."""
    return actor.may(permission, area, NO_TOPIC)


async def one(tx: AsyncConnection, actor: Actor, number: int, permission: str = READ) -> Campaign:
    """Return a campaign.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    wanted = select(campaigns).where(campaigns.c.id == number, seen(actor, permission))
    row = (await tx.execute(wanted)).mappings().first()
    if row is None:
        raise NotFound
    return of_row(row)


async def count(tx: AsyncConnection, wanted: ColumnElement[bool]) -> int:
    """Return how many there are."""
    return await tx.scalar(select(func.count()).select_from(campaigns).where(wanted)) or 0


async def listed(
    tx: AsyncConnection, wanted: ColumnElement[bool], *, offset: int, limit: int
) -> list[Listed]:
    """Return campaigns, the last changed first."""
    rows = await tx.execute(
        select(campaigns, broadcasts.c.stage)
        .outerjoin(broadcasts, broadcasts.c.id == campaigns.c.broadcast)
        .where(wanted)
        .order_by(campaigns.c.changed_at.desc(), campaigns.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [
        Listed(of_row(row), Stage(row["stage"]) if row["stage"] else None)
        for row in rows.mappings()
    ]


def tab(name: str) -> ColumnElement[bool]:
    """Return the condition of a tab of the list."""
    state = campaigns.c.state
    return {
        "open": state.in_((State.DRAFT, State.REJECTED)),
        "waiting": state.in_((State.SUBMITTED, State.APPROVED)),
        "ordered": state == State.ORDERED,
        "archived": state == State.ARCHIVED,
    }[name]


async def history(tx: AsyncConnection, number: int) -> list[Review]:
    """Return what happened to a campaign, the newest first."""
    c = reviews.c
    rows = await tx.execute(
        select(c.at, c.by, c.by_name, c.verdict, c.digest, c.note)
        .where(c.campaign == number)
        .order_by(c.id.desc())
    )
    return [Review(r.at, r.by, r.by_name, Verdict(r.verdict), r.digest, r.note) for r in rows]


async def is_in_one_school(tx: AsyncConnection, area: str) -> bool:
    """Say whether a node is a school or lies in one."""
    above = scope.speaks_for(units.c.path, area)
    found = select(func.count()).select_from(units).where(above, units.c.kind == "school")
    return bool(area) and bool(await tx.scalar(found))


async def doubles(tx: AsyncConnection, campaign: Campaign, now: datetime) -> int:
    """Return how many campaigns said the same to people of the same places within a day."""
    c, b = campaigns.c, broadcasts.c
    area = campaign.draft.area
    overlaps = or_(scope.is_below(c.area, area), scope.speaks_for(c.area, area))
    wanted = (
        select(func.count())
        .join_from(campaigns, broadcasts, b.id == c.broadcast)
        .where(c.words == campaign.draft.columns()["words"], c.id != campaign.id)
        .where(b.ordered_at > now - AGAIN, overlaps if area else c.id > 0)
    )
    return await tx.scalar(wanted) or 0


async def names(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, str]:
    """Return the names of nodes by path."""
    rows = await tx.execute(
        select(units.c.path, units.c.name).where(units.c.path.in_(set(paths) - {""}))
    )
    return {row.path: row.name for row in rows}
