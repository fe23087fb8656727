"""Who of the staff may see and do what in a week: by the place a row belongs to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.org import tree
from bot.people.actor import Actor

READ, EDIT, MODERATE = "week.read", "week.edit", "week.moderate"
#: A week is about no topic: a role for one topic alone does not reach it.
NO_TOPIC = ""
CITY = "gz"


def seen(actor: Actor, permission: str, area: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the rows a permission reaches; the city's are read everywhere."""
    topic: ColumnElement[str] = literal(NO_TOPIC)
    if permission == READ:
        return actor.reads(READ, area, topic)
    return actor.sees(permission, area, topic)


def owned(actor: Actor, permission: str, area: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the rows whose place one looks after."""
    return actor.sees(permission, area, literal(NO_TOPIC))


def require(actor: Actor, permission: str, area: str) -> None:
    """Refuse what lies outside.

    Raises:
        NotAllowed: it does.
    """
    actor.require(permission, area, NO_TOPIC)


async def places(tx: AsyncConnection, actor: Actor, permission: str) -> list[tuple[str, str]]:
    """Return path and name of the city and the districts one may act for, in their order."""
    return [p for p in await every(tx) if actor.may(permission, p[0], NO_TOPIC)]


async def every(tx: AsyncConnection) -> list[tuple[str, str]]:
    """Return path and name of the city and of its districts, in the order of the tree."""
    city = await tree.named(tx, [CITY])
    found = [(CITY, city[CITY].name)] if CITY in city else []
    return found + [(d.path, d.name) for d in await tree.districts(tx)]
