"""Who of the staff may see and do what with a course: by the place that owns it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.org import tree
from bot.people.actor import Actor

READ, EDIT, REVIEW, PUBLISH = "courses.read", "courses.edit", "courses.review", "courses.publish"
SYLLABUS = "syllabus.edit"
#: A course has several topics: a role for one topic alone does not reach it.
NO_TOPIC = ""
CITY = "gz"


def seen(actor: Actor, permission: str, area: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the courses a permission reaches; the city's are read everywhere."""
    topic: ColumnElement[str] = literal(NO_TOPIC)
    if permission == READ:
        return actor.reads(READ, area, topic)
    return actor.sees(permission, area, topic)


async def places(tx: AsyncConnection, actor: Actor, permission: str) -> list[tuple[str, str]]:
    """Return path and name of the city and the districts one may act for, in their order."""
    city = await tree.named(tx, [CITY])
    every = [(CITY, city[CITY].name)] if CITY in city else []
    every += [(d.path, d.name) for d in await tree.districts(tx)]
    return [place for place in every if actor.may(permission, place[0], NO_TOPIC)]
