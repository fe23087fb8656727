"""The places a campaign may be for, as choices; and what audiences are called in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.queries import EDIT, NO_TOPIC
from bot.console.visit import Visit
from bot.org import grades, tree
from bot.org.tables import units
from bot.people.actor import Actor
from bot.people.audience import Audience
from bot.people.audience_shape import CITY, STAGES, codes

_WIDE = ("city", "district", "street")
_ALL = (*_WIDE, "school")
#: So many nodes are offered; a wider scope leaves the schools out and takes saved audiences.
MOST = 400
#: What sets a node off below the one above it.
_INDENT = "\N{IDEOGRAPHIC SPACE}"


async def choices(tx: AsyncConnection, actor: Actor, whole: str) -> list[tuple[str, str]]:
    """Return path and name of the nodes somebody may write to, in the order of the tree."""
    mine = actor.sees(EDIT, units.c.path) & units.c.archived_at.is_(None)
    count = await tx.scalar(
        select(func.count()).select_from(units).where(mine, units.c.kind.in_(_ALL))
    )
    kinds = _ALL if (count or 0) <= MOST else _WIDE
    rows = await tx.execute(
        select(units.c.path, units.c.name)
        .where(mine, units.c.kind.in_(kinds) | units.c.path.in_(actor.areas(EDIT)))
        .order_by(units.c.path)
    )
    own = [r for r in rows if actor.may(EDIT, r.path, NO_TOPIC)]
    top = min((row.path.count("/") for row in own), default=0)
    found = [(r.path, _INDENT * (r.path.count("/") - top) + r.name) for r in own]
    return [(CITY, whole), *found] if actor.may(EDIT, CITY, NO_TOPIC) else found


def grade_choices() -> list[tuple[str, str]]:
    """Return code and name of every grade."""
    named = grades.words().grades
    found: list[tuple[str, str]] = []
    for code, stage in codes().items():
        found.append((code, f"{named[stage][int(code[1:]) - 1]}"))
    return found


def stage_choices(visit: Visit) -> list[tuple[str, str]]:
    """Return code and name of every stage."""
    return [(stage, visit.text(f"campaign.stage_{stage}")) for stage in STAGES]


async def said(visit: Visit, tx: AsyncConnection, audience: Audience) -> str:
    """Return an audience in words."""
    if "received" in audience.features:
        return visit.text("campaign.reached")
    named: dict[str, Any] = await tree.named(tx, [a for a in audience.areas if a])
    today: date = visit.today
    parts = [named[a].label(today) if a in named else visit.text("campaign.whole")
             for a in audience.areas]  # fmt: skip
    parts += [visit.text(f"campaign.stage_{stage}") for stage in audience.stages]
    known = dict(grade_choices())
    parts += [known[code] for code in audience.grades]
    parts += [visit.text(f"campaign.role_{role}") for role in audience.roles]
    did = audience.behaviours
    for name in ("wrote_within_days", "silent_for_days", "followed_within_days"):
        if days := getattr(did, name):
            parts.append(visit.text(f"campaign.{name}", n=days))
    return " · ".join(parts)
