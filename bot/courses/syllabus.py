"""Points of the 纲要 in its versions: read from a table, kept, and told with lessons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.courses import mapping
from bot.courses.mapping import Point
from bot.courses.words import words
from bot.errors import InvalidInput
from bot.school.course_tables import point_lessons, points
from bot.spreadsheet import reading as tables
from bot.spreadsheet.limits import Limits
from bot.spreadsheet.values import items
from bot.spreadsheet.writing import Column
from knowledge.courses import STAGES
from knowledge.topics import topics

#: An outline whose name begins so is ours, until the city publishes its own.
PROVISIONAL = "draft-"
LIMITS = Limits(rows=500)
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,19}")
_CODE, _TITLE, _TOPICS = 20, 80, 400


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: its number in the file, the column, a sentence's key and value."""

    row: int
    column: str
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A table that was read: the points that can be taken, and every fault."""

    points: tuple[Point, ...]
    faults: tuple[RowFault, ...]


@cache
def seed() -> tuple[str, tuple[Point, ...]]:
    """Return name and points of the provisional outline."""
    data = yaml.safe_load(Path(__file__).with_name("outline.yaml").read_text(encoding="utf-8"))
    rows = data["points"]
    found = tuple(Point(r["code"], r["stage"], r["title"], tuple(r["topics"])) for r in rows)
    return data["outline"], found


def name_of(text: str) -> str:
    """Return the name of an outline, as typed.

    Raises:
        InvalidInput: it is none.
    """
    if not _NAME.fullmatch(text):
        raise InvalidInput("syllabus.name")
    return text


def columns() -> list[Column]:
    """Return the columns of a table of points."""
    return [Column(field, head, 30) for field, head in words()["columns"].items()]


def read(name: str, data: bytes) -> Tried:
    """Read a table of points; its name tells the kind of file.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is for the uploader.
    """
    table = tables.table(name, data, LIMITS)
    heads = words()["columns"]
    known = {head: field for field, head in heads.items()}
    header = tables.heads(next(table, []), known, (), heads)
    rows = [(n, tables.given(header, row)) for n, row in tables.filled(table, LIMITS)]
    if not rows:
        raise InvalidInput("syllabus.no_rows")
    return look(rows)


def look(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Tried:
    """Return the points of rows by their number, and what is wrong."""
    found: dict[str, Point] = {}
    faults: list[RowFault] = []
    for number, given in rows:
        cells = {field: given.get(field, "").strip() for field in words()["columns"]}
        wrong = list(_faults(number, cells))
        if cells["code"] in found:
            wrong.append(RowFault(number, "code", "syllabus.twice", cells["code"]))
        faults += wrong
        if not wrong:
            found[cells["code"]] = _point(cells)
    return Tried(tuple(found.values()), tuple(faults))


def _point(cells: Mapping[str, str]) -> Point:
    about = (_topic(item) or "" for item in items(cells["topics"]))
    return Point(cells["code"], _stage(cells["stage"]) or "", cells["title"], tuple(about))


def _faults(number: int, cells: Mapping[str, str]) -> Iterator[RowFault]:
    for field, most in (("code", _CODE), ("title", _TITLE), ("topics", _TOPICS)):
        if not cells[field] and field != "topics":
            yield RowFault(number, field, "syllabus.missing")
        elif len(cells[field]) > most:
            yield RowFault(number, field, "syllabus.long", str(most))
    if _stage(cells["stage"]) is None:
        yield RowFault(number, "stage", "syllabus.stage", cells["stage"])
    for item in items(cells["topics"]):
        if _topic(item) is None:
            yield RowFault(number, "topics", "syllabus.topic", item)


def _stage(text: str) -> str | None:
    named = {name: stage for stage, name in words()["stages"].items()}
    return text if text in STAGES else named.get(text)


def _topic(text: str) -> str | None:
    named = {topic.name: leaf for leaf, topic in topics().items()}
    return text if text in topics() else named.get(text)


async def keep(tx: AsyncConnection, outline: str, given: Sequence[Point]) -> int:
    """Make these the points of an outline, and map them; returns how many pairs there are.

    Other outlines, and what parents have learned, stay as they are.
    """
    await tx.execute(delete(points).where(points.c.outline == outline))
    rows = [
        {"outline": outline, "code": p.code, "stage": p.stage, "title": p.title,
         "topics": ",".join(p.topics), "place": place}
        for place, p in enumerate(given)
    ]  # fmt: skip
    await tx.execute(insert(points), rows)
    return await mapping.renew(tx, outline)


async def outlines(tx: AsyncConnection) -> list[tuple[str, int]]:
    """Return the outlines with their number of points: the city's first, the newest of them."""
    query = select(points.c.outline, func.count()).group_by(points.c.outline)
    found = [(r[0], r[1]) for r in await tx.execute(query)]
    found.sort(reverse=True)
    return sorted(found, key=lambda pair: pair[0].startswith(PROVISIONAL))


async def told(tx: AsyncConnection, outline: str) -> list[tuple[Point, list[Any]]]:
    """Return the points of an outline in their order, each with its lessons (course, lesson)."""
    rows = await tx.execute(
        select(points).where(points.c.outline == outline).order_by(points.c.place)
    )
    pairs = select(point_lessons).where(point_lessons.c.outline == outline)
    lessons: dict[str, list[Any]] = {}
    ordered = pairs.order_by(point_lessons.c.course, point_lessons.c.lesson)
    for row in await tx.execute(ordered):
        lessons.setdefault(row.code, []).append(row)
    return [(mapping.of(row), lessons.get(row.code, [])) for row in rows]
