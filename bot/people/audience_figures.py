"""What the staff may see of an audience: never a person, never a figure below ten.

Source: MISSION, first no. 8 (no page can list parents or measure a small group).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.org import scope
from bot.people import quiet
from bot.people.audience import Audience, Features, in_one_pass, is_off, page, willing
from bot.people.audience_rows import DISTRICT_STEPS, meant, of_parent, place
from bot.people.consents import Kind
from bot.people.families import children, guardians
from bot.people.followers import followers

#: A shown figure stands for so many parents, at least; so does a sample.
LEAST = 10
SAMPLE = 5
STEP = 5


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One parent of an audience, without anything that names them; texts may be empty."""

    stage: str
    district: str
    role: str


def step(audience: Audience) -> int:
    """Return the multiple that figures of an audience are shown to: 5 below a district."""
    is_fine = any(area.count("/") + 1 > DISTRICT_STEPS for area in audience.areas)
    return STEP if is_fine else 1


def shown(figure: int, to: int = 1) -> int | None:
    """Return a figure that may be shown, to a multiple; None: below ten, or nothing at all."""
    return to * round(figure / to) if figure >= LEAST else None


async def sample(
    tx: AsyncConnection,
    audience: Audience,
    account: str,
    now: datetime,
    features: Features,
    kind: Kind | None = None,
    *,
    size: int = SAMPLE,
) -> list[Glimpse]:
    """Return a few who may be written to, without names; nobody where fewer than ten are left."""
    some = page(willing(audience, account, now, features, kind), "", LEAST)
    few, kid = some.subquery(), children.alias()
    rows = await tx.execute(
        select(guardians.c.openid, guardians.c.role, kid.c.stage, place(kid).label("place"))
        .join_from(few, guardians, (guardians.c.account == few.c.account)
                   & (guardians.c.openid == few.c.openid))
        .join(followers, (followers.c.account == few.c.account)
              & (followers.c.openid == few.c.openid))
        .outerjoin(kid, of_parent(kid) & meant(audience, kid, day(now)))
        .order_by(guardians.c.openid, kid.c.id)
    )  # fmt: skip
    found: dict[str, Glimpse] = {}
    for row in rows:
        glimpse = Glimpse(row.stage or "", district(row.place or ""), row.role)
        found.setdefault(row.openid, glimpse)
    return list(found.values())[:size] if len(found) >= LEAST else []


def district(path: str) -> str:
    """Return the district a path lies in; a shorter path is returned as it is."""
    return "/".join(path.split("/")[:DISTRICT_STEPS])


async def by_area(
    tx: AsyncConnection,
    audience: Audience,
    account: str,
    now: datetime,
    features: Features,
    paths: Sequence[str],
    kind: Kind | None = None,
) -> dict[str, int | None]:
    """Return how many who may be written to each of these nodes holds; None: must not be shown.

    The nodes do not lie in each other. A parent counts once, at the first of the places of the
    children that are meant; who is at none of the nodes counts under the empty path.
    """
    there = in_one_pass(audience, account, day(now), features)
    whole = there.where(~is_off(kind), quiet.is_awake(now)).subquery()
    kid = children.alias()
    at = func.coalesce(func.min(place(kid)), "").label("place")
    mine = (guardians.c.account == whole.c.account) & (guardians.c.openid == whole.c.openid)
    theirs = (followers.c.account == whole.c.account) & (followers.c.openid == whole.c.openid)
    each = (
        select(at)
        .join_from(whole, guardians, mine)
        .join(followers, theirs)
        .outerjoin(kid, of_parent(kid) & meant(audience, kid, day(now)))
        .group_by(guardians.c.openid)
        .subquery()
    )
    rows = await tx.execute(select(each.c.place, func.count()).group_by(each.c.place))
    counts = dict.fromkeys(["", *paths], 0)
    for found, number in rows:
        counts[_holder(found, paths)] += number
    return hidden(counts)


def _holder(path: str, paths: Sequence[str]) -> str:
    return next((one for one in paths if scope.contains(one, path)), "")


def hidden(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts that may be shown beside their sum; small ones and what betrays them: None.

    Nothing and a few look the same. What all hidden ones have together can be worked out, so it
    is ten at least, or nothing.
    """
    gone = {name for name, number in counts.items() if number < LEAST}
    while 0 < sum(counts[name] for name in gone) < LEAST and len(gone) < len(counts):
        gone.add(min((n for n in counts if n not in gone), key=lambda n: (counts[n], n)))
    return {name: None if name in gone else number for name, number in counts.items()}
