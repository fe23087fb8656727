"""The columns of a sheet: one row an entry, one column a field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.spreadsheet import cells
from bot.spreadsheet.writing import Column
from knowledge.entry import Entry

_FILE = Path(__file__).with_name("columns.yaml")
#: Without these columns there is no entry; what stands in no other column is left as it is.
REQUIRED = ("question", "summary", "topic", "sources", "owner", "answer")


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return data


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns of an entry, in the order of a sheet."""
    return _columns("columns")


@cache
def fault_columns() -> tuple[Column, ...]:
    """Return the columns that tell what was wrong with a row."""
    return _columns("faults")


def _columns(part: str) -> tuple[Column, ...]:
    return tuple(Column(field, **rest) for field, rest in _data()[part].items())


def header(field: str) -> str:
    """Return the header of a field."""
    return _headers()[field]


@cache
def _headers() -> Mapping[str, str]:
    return {column.field: column.header for column in columns()}


def words(of: str) -> Mapping[str, str]:
    """Return the words that stand for the codes of `ages`, `status` or `styles`."""
    found: Mapping[str, str] = _data()["words"][of]
    return found


def row(entry: Entry) -> dict[str, str]:
    """Return an entry as the texts of its cells, by field; `rows.Reader` reads them back."""
    sources = (
        cells.line((s.name, s.article or "", s.ref, s.checked.isoformat())) for s in entry.sources
    )
    return {
        "id": entry.id,
        "question": entry.question,
        "summary": entry.summary,
        "topic": entry.topic,
        "ages": ", ".join(entry.ages),
        "risk": str(entry.risk),
        "status": entry.status.value,
        "sources": "\n".join(sources),
        "reviewed_on": entry.reviewed_on.isoformat(),
        "review_due": entry.review_due.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else "",
        "successor": entry.successor,
        "area": entry.area,
        "owner": entry.owner,
        "similar": "\n".join(cells.line((a.style, a.text)) for a in entry.similar),
        "related": "\n".join(entry.related),
        "answer": entry.answer,
    }
