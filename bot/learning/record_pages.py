"""The learning record for its owner: each thing learned, what counts, who else can see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import Row

from bot.h5.page import Page, get
from bot.h5.visit import Visit
from bot.learning import page_words
from bot.school import record
from bot.school.record import Kind

#: Lines on one page.
SIZE = 30
_NUMBER_MOST = 4  # characters of a page's number


@dataclass(frozen=True, slots=True)
class Line:
    """One thing learned; `counts` are its minutes in the sum, 0 if its time is counted already."""

    row: Row[Any]
    counts: int


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows with what each adds to `record.minutes`: a subject's longest proof alone."""
    longest: dict[tuple[bool, str], Row[Any]] = {}
    for row in rows:
        key = (row.kind == Kind.PRACTICE, row.subject)
        if key not in longest or record.minutes([row]) > record.minutes([longest[key]]):
            longest[key] = row
    counted = {row.id for row in longest.values()}
    return [Line(row, record.minutes([row]) if row.id in counted else 0) for row in rows]


async def show(visit: Visit) -> web.Response:
    """Show a page of the record, newest first, and the sum of all of it."""
    async with visit.rt.db.read() as tx:
        rows = (await tx.execute(record.of(visit.person))).all()
    rules, number = record.hours(), _number(visit)
    minutes, first = record.minutes(rows), (number - 1) * SIZE
    return visit.render(
        "learning/record.html", shown=lines(rows)[first : first + SIZE], total=len(rows),
        minutes=minutes, hours=f"{minutes / rules['hour']:.1f}", rules=rules,
        kinds=page_words.words()["kinds"], ways=page_words.words()["ways"],
        number=number, has_more=len(rows) > first + SIZE,
    )  # fmt: skip


def _number(visit: Visit) -> int:
    text = visit.request.query.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < _NUMBER_MOST
    return max(int(text), 1) if is_number else 1


PAGES: tuple[Page, ...] = (get("/mine/record", show, login=True),)
