"""Rows as both databases know them: read with flat memory, hashed in any order, written again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, bindparam, func, insert, select
from sqlalchemy import text as sql

from bot.db import bulk

#: Rows read, hashed and written at once; where a row holds a whole file (the index), few.
_MANY, _FEW = 2_000, 10
_WIDE = 2**256

Rows = Sequence[Mapping[Any, Any]]


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: its rows, and the sum of their SHA-256 in hexadecimal digits."""

    rows: int = 0
    digest: int = 0

    def plus(self, rows: Rows) -> Sum:
        """Return the sum with these rows in it; their order does not matter."""
        added = sum(int.from_bytes(hashlib.sha256(_cells(row)).digest()) for row in rows)
        return Sum(self.rows + len(rows), (self.digest + added) % _WIDE)

    def __str__(self) -> str:
        """Return the digest as it is printed."""
        return f"{self.digest:064x}"


def move(source: Connection, target: Engine, table: Table) -> Sum:
    """Copy a table, one transaction a batch; returns what was read."""
    made, added = Sum(), _insert(table)
    for rows in _batches(source, table):
        with target.begin() as there:
            bulk.execute(there, added, rows)
        made = made.plus(rows)
    return made


def put(target: Connection, table: Table, rows: Rows) -> None:
    """Write a few rows in the caller's transaction."""
    if rows:
        bulk.execute(target, _insert(table), rows)


def summed(connection: Connection, table: Table) -> Sum:
    """Read a table and return what it holds."""
    found = Sum()
    for rows in _batches(connection, table):
        found = found.plus(rows)
    return found


def counters(source: Connection, target: Connection, table: Table) -> None:
    """Let PostgreSQL number on after the highest number ever given; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or target.dialect.name != "postgresql":
        return
    last = max(target.scalar(select(func.max(column))) or 0, _given(source, table))
    if last:
        sequence = target.scalar(_SEQUENCE, {"table": table.name, "column": column.name})
        target.execute(sql("SELECT setval(CAST(:name AS regclass), :last)"),
                       {"name": sequence, "last": last})  # fmt: skip


_SEQUENCE = sql("SELECT pg_get_serial_sequence(quote_ident(:table), :column)")


def _given(source: Connection, table: Table) -> int:
    """Return the last number the source gave, that of a deleted row too; 0: not known."""
    column = table.autoincrement_column
    if source.dialect.name != "postgresql" or column is None:
        return 0
    sequence = source.scalar(_SEQUENCE, {"table": table.name, "column": column.name})
    last = source.scalar(
        sql("SELECT pg_sequence_last_value(CAST(:name AS regclass))"), {"name": sequence}
    )
    return int(last or 0)


def _batches(connection: Connection, table: Table) -> Iterator[Rows]:
    is_wide = any(isinstance(column.type, LargeBinary) for column in table.columns)
    found = connection.execute(
        select(table), execution_options={"yield_per": _FEW if is_wide else _MANY}
    )
    yield from found.mappings().partitions()


def _insert(table: Table) -> Any:
    return insert(table).values({column.name: bindparam(column.name) for column in table.columns})


def _cells(row: Mapping[Any, Any]) -> bytes:
    return repr([_plain(cell) for cell in row.values()]).encode("utf-8", "surrogatepass")


def _plain(cell: Any) -> Any:
    """Return a value without what only one driver knows."""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat()
    return bytes(cell) if isinstance(cell, memoryview) else cell
