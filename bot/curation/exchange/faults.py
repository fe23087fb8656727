"""The broken rows as a file to mend and bring back, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bot.curation.exchange import columns
from bot.curation.exchange.plan import Plan, Step
from bot.curation.exchange.rows import Read, Row
from bot.spreadsheet import writing

#: A workbook's cell holds no more; a cell that is too long is cut, and its fault says so.
_CELL_MAX = 32_000


def error_file(read: Read, plan: Plan, kind: Literal["csv", "xlsx"]) -> bytes:
    """Return the broken rows as they were uploaded, then row, columns and reasons of the faults.

    Reading passes over the three columns, so the mended file can be uploaded as it is.
    """
    heads = [c for c in columns.columns() if c.field in read.fields]
    write = writing.csv_of if kind == "csv" else writing.xlsx_of
    return write((*heads, *columns.fault_columns()), _rows(read, plan, [c.field for c in heads]))


def _rows(read: Read, plan: Plan, fields: Sequence[str]) -> Iterator[Sequence[str]]:
    by_number = {row.number: row for row in read.rows}
    for step in plan.steps:
        if step.faults:
            given = _cells(by_number[step.row])
            yield [*(given.get(field, "")[:_CELL_MAX] for field in fields), *_reasons(step)]


def _cells(row: Row) -> Mapping[str, str]:
    return columns.row(row.entry) if row.entry else row.cells


def _reasons(step: Step) -> tuple[str, str, str]:
    named = "\n".join(dict.fromkeys(fault.column for fault in step.faults))
    told = "\n".join(f"{fault.column} {fault.problem}".strip() for fault in step.faults)
    return str(step.row), named[:_CELL_MAX], told[:_CELL_MAX]
