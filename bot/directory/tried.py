"""A file of the directory tried out: rows new, changed, the same or broken; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.directory.fields import Reading, texts
from bot.directory.place import Place
from bot.directory.queries import NO_TOPIC
from bot.directory.words import refuse, say, words
from bot.people.actor import Actor
from bot.spreadsheet import reading as tables
from bot.spreadsheet import writing
from bot.spreadsheet.limits import Limits

Outcome = Literal["new", "changed", "same", "broken"]
LIMITS = Limits(rows=20_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file (the header is row 1) and what taking it in would do."""

    number: int
    outcome: Outcome
    place: Place | None
    given: Mapping[str, str]
    faults: Mapping[str, str]
    #: Fields that would change.
    fields: tuple[str, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What a file is compared with; `own` are codes of rows the person may change."""

    places: Mapping[str, Place]
    revisions: Mapping[str, int]
    own: frozenset[str]
    areas: Mapping[str, str]
    today: date


def read(name: str, data: bytes, beside: Beside, actor: Actor, permission: str) -> list[Row]:
    """Read a file and compare it.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is for the uploader.
    """
    rows = tables.table(name, data, LIMITS)
    header = next(rows, None)
    if header is None:
        raise refuse("empty")
    heads = _heads(header)
    found = list(_rows(rows, heads, beside))
    if not found:
        raise refuse("no_lines")
    return [_allowed(row, actor, permission, beside) for row in _once(found)]


def _heads(header: list[str]) -> list[str | None]:
    known = {c.header: c.field for c in words().columns} | {
        c.field: c.field for c in words().columns
    }
    passed = {c.header for c in words().fault_columns}
    required = {field: words().header(field) for field in words().required}
    return tables.heads(header, known, passed, required)


def _rows(rows: Iterator[list[str]], heads: list[str | None], beside: Beside) -> Iterator[Row]:
    by_name = {(p.name, p.area): code for code, p in beside.places.items()}
    for number, row in tables.filled(rows, LIMITS):
        given = tables.given(heads, row)
        area = beside.areas.get(given.get("district", "").strip(), "")
        code = given.get("code", "").strip() or by_name.get((given["name"].strip(), area), "")
        reading = Reading(_whole(given, code, beside), beside.areas, beside.today)
        loose = tables.loose(heads, row)
        if loose is not None:
            reading.wrong("", "extra_cell", value=loose)
        row_read = Row(number, "broken", reading.place(code), given, reading.faults)
        yield _compared(row_read, beside)


def _whole(given: Mapping[str, str], code: str, beside: Beside) -> Mapping[str, str]:
    """Return the row's texts; a known row keeps what the file has no column for."""
    before = beside.places.get(code)
    if before is None:
        return given
    names = {path: name for name, path in reversed(list(beside.areas.items()))}
    return texts(before, names) | dict(given)


def _compared(row: Row, beside: Beside) -> Row:
    if row.place is None:
        return row
    before = beside.places.get(row.place.code)
    if before is None:
        return replace(row, outcome="new")
    old, new = before.to_row(), row.place.to_row()
    fields = tuple("district" if n == "area" else n for n in old if old[n] != new[n])
    outcome: Outcome = "changed" if fields else "same"
    return replace(row, outcome=outcome, fields=fields, revision=beside.revisions[row.place.code])


def _once(rows: list[Row]) -> Iterator[Row]:
    """Mark a row that names a code, or a place without code, a second time."""
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        place = row.place
        if place is None:
            yield row
            continue
        first = codes.setdefault(place.code, row.number) if place.code else row.number
        same = names.setdefault((place.name, place.area), row.number)
        if first != row.number:
            yield _broken(row, "code", say("code_twice", row=first))
        elif same != row.number:
            yield _broken(row, "name", say("same_place", row=same))
        else:
            yield row


def _allowed(row: Row, actor: Actor, permission: str, beside: Beside) -> Row:
    place = row.place
    if place is None:
        return row
    if place.code in beside.places and place.code not in beside.own:
        return _broken(row, "code", say("not_yours", value=place.code))
    if not actor.may(permission, place.area, NO_TOPIC):
        return _broken(row, "district", say("district_outside", value=row.given["district"]))
    return row


def _broken(row: Row, field: str, problem: str) -> Row:
    return replace(row, outcome="broken", place=None, faults={**row.faults, field: problem})


def faulty(rows: list[Row]) -> bytes:
    """Return the broken rows as they were sent, each with its reasons, as a workbook."""
    heads = (*words().columns, *words().fault_columns)
    lines = (
        [
            *(row.given.get(c.field, "") for c in words().columns),
            str(row.number),
            "\n".join(words().header(f) if f else "" for f in row.faults),
            "\n".join(row.faults.values()),
        ]
        for row in rows
        if row.faults
    )
    return writing.xlsx_of(heads, lines)
