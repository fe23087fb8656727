"""A file from outside to rows: entries as drafts, and every fault with its row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from bot.curation.exchange import (
    cells,
    columns,
    csvs,
    fields,
    problems,
    unpack,
    workbooks,
)
from bot.curation.exchange.limits import MEGABYTE, Limits
from bot.curation.exchange.rows import Fault, Read, Row
from knowledge import files
from knowledge.errors import FileFault

#: What systems add to an archive by themselves, and the one file of knowledge/content that is data.
_PASSED_OVER = ("__MACOSX", ".DS_Store", "_topics.yaml", "desktop.ini", "Thumbs.db")


def read(name: str, data: bytes, limits: Limits | None = None) -> Read:
    """Read the entries of a file; its name tells the kind.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is for the uploader.
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        megabytes, most = len(data) // MEGABYTE + 1, limits.size // MEGABYTE
        raise problems.refuse("too_big", value=megabytes, most=most)
    if not data:
        raise problems.refuse("empty")
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".csv":
        return _sheet(csvs.rows(data), limits)
    if kind in workbooks.KINDS:
        return _sheet(workbooks.rows(kind, data, limits), limits)
    if kind == ".md":
        return _all_fields([_markdown(1, PurePosixPath(name).name, data, limits)])
    if kind == ".zip":
        return _all_fields(_archive(data, limits))
    raise problems.refuse("unknown_kind", value=kind or name)


def _sheet(table: Iterator[list[str]], limits: Limits) -> Read:
    header = next(table, None)
    if header is None:
        raise problems.refuse("empty")
    heads = _heads(header)
    filled = ((n, row) for n, row in enumerate(table, 2) if any(cell.strip() for cell in row))
    rows = [_row(n, heads, row, limits) for n, row in islice(filled, limits.rows + 1)]
    if len(rows) > limits.rows:
        raise problems.refuse("too_many_rows", most=limits.rows)
    if not rows:
        raise problems.refuse("no_rows")
    given = tuple(c.field for c in columns.columns() if c.field in heads)
    return Read(given, _repeated(rows))


def _heads(header: Sequence[str]) -> list[str | None]:
    """Return the field of each column; None where there is none or it is one of faults."""
    known = {c.header: c.field for c in columns.columns()}
    known |= {c.field: c.field for c in columns.columns()}
    passed = {c.header for c in columns.fault_columns()}
    heads: list[str | None] = []
    for cell in (cells.unguard(cell).strip() for cell in header):
        if cell and cell not in passed and cell not in known:
            raise problems.refuse("header_unknown", value=cell)
        if known.get(cell) in heads and cell in known:
            raise problems.refuse("header_twice", value=cell)
        heads.append("" if cell in passed else known.get(cell))
    missing = [columns.header(field) for field in columns.REQUIRED if field not in heads]
    if missing:
        raise problems.refuse("header_missing", value=" ".join(missing))
    return heads


def _row(number: int, heads: Sequence[str | None], row: Sequence[str], limits: Limits) -> Row:
    given = {
        head: cells.unguard(cell.replace("\r\n", "\n").replace("\r", "\n"))
        for head, cell in zip(heads, row, strict=False)
        if head
    }
    loose = [
        n
        for n, cell in enumerate(row, 1)
        if cell.strip() and (n > len(heads) or heads[n - 1] is None)
    ]
    faults = [Fault(number, "", problems.say("extra_cell", value=n)) for n in loose[:1]]
    return fields.read(number, given, limits, *faults)


def _all_fields(rows: Iterable[Row]) -> Read:
    return Read(tuple(c.field for c in columns.columns()), _repeated(list(rows)))


def _archive(data: bytes, limits: Limits) -> list[Row]:
    if not data.startswith(workbooks.ZIPPED):
        raise problems.refuse("wrong_magic", value=".zip")
    rows: list[Row] = []
    for name, content in unpack.members(data, limits):
        if any(part in _PASSED_OVER for part in PurePosixPath(name).parts):
            continue
        if not name.lower().endswith(".md"):
            raise problems.refuse("not_markdown", value=name)
        if len(rows) == limits.rows:
            raise problems.refuse("too_many_rows", most=limits.rows)
        rows.append(_markdown(len(rows) + 1, name, content, limits))
    if not rows:
        raise problems.refuse("no_markdown")
    return rows


def _markdown(number: int, name: str, data: bytes, limits: Limits) -> Row:
    """Read one file of Markdown; what the files' own reader takes is looked at as a row is."""
    try:
        raw = data.decode("utf-8-sig").replace("\r\n", "\n")
        entry = files.parse(raw, Path(name), placed=False)
    except UnicodeDecodeError:
        return _broken(number, name, problems.say("encoding"))
    except FileFault as fault:
        where = f"{name}:{fault.line}" if fault.line else name
        return _broken(number, where, problems.say("markdown_broken", value=fault.problem))
    row = fields.read(number, columns.row(entry), limits)
    return replace(row, faults=tuple(replace(f, column=f"{name} {f.column}") for f in row.faults))


def _broken(number: int, column: str, problem: str) -> Row:
    return Row(number, "", None, (Fault(number, column, problem),), {}, (), ())


def _repeated(rows: list[Row]) -> tuple[Row, ...]:
    """Add what only shows between rows: one id twice, one wording in two rows."""
    ids: dict[str, int] = {}
    asked: dict[str, int] = {}
    return tuple(_beside(row, ids, asked) for row in rows)


def _beside(row: Row, ids: dict[str, int], asked: dict[str, int]) -> Row:
    faults: list[Fault] = []
    first = ids.setdefault(row.id, row.number) if row.id else row.number
    if first != row.number:
        problem = problems.say("id_twice", row=first)
        faults.append(Fault(row.number, columns.header("id"), problem))
    for field, wording, normalised in row.wordings:
        first = asked.setdefault(normalised, row.number)
        if first != row.number:
            problem = problems.say("wording_twice", value=wording, row=first)
            faults.append(Fault(row.number, columns.header(field), problem))
    return row if not faults else _with(row, faults)


def _with(row: Row, faults: list[Fault]) -> Row:
    kept = row.cells or (columns.row(row.entry) if row.entry else {})
    return replace(row, entry=None, cells=kept, faults=(*row.faults, *faults))
