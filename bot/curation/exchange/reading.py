"""A file from outside to rows: entries as drafts, and every fault with its row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from bot.curation.exchange import columns, fields, problems
from bot.curation.exchange.rows import Fault, Read, Row
from bot.spreadsheet import reading as tables
from bot.spreadsheet import unpack, workbooks
from bot.spreadsheet.limits import Limits
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
    tables.bounded(data, limits)
    kind = PurePosixPath(name).suffix.lower()
    if kind in tables.KINDS:
        return _sheet(tables.table(name, data, limits), limits)
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
    rows = [_row(n, heads, row, limits) for n, row in tables.filled(table, limits)]
    if not rows:
        raise problems.refuse("no_rows")
    given = tuple(c.field for c in columns.columns() if c.field in heads)
    return Read(given, _repeated(rows))


def _heads(header: Sequence[str]) -> list[str | None]:
    known = {c.header: c.field for c in columns.columns()}
    known |= {c.field: c.field for c in columns.columns()}
    passed = {c.header for c in columns.fault_columns()}
    required = {field: columns.header(field) for field in columns.REQUIRED}
    return tables.heads(header, known, passed, required)


def _row(number: int, heads: Sequence[str | None], row: Sequence[str], limits: Limits) -> Row:
    loose = tables.loose(heads, row)
    faults = [] if loose is None else [Fault(number, "", problems.say("extra_cell", value=loose))]
    return fields.read(number, tables.given(heads, row), limits, *faults)


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
