"""INSERT … ON CONFLICT UPDATE for the database in use; only its own dialect is imported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam


@cache
def upsert(
    table: Table,
    keys: Sequence[str],
    values: Sequence[str],
    *,
    is_sqlite: bool,
    not_before: str | None = None,
    adds: bool = False,
) -> Any:
    """Return a statement that inserts a row or, where its keys are known, takes over the values.

    With `not_before` a known row is only changed by one whose column of that name is not smaller.
    With `adds` the values are added to those of the known row.
    """
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(table).values({name: bindparam(name) for name in (*keys, *values)})
    newer = None if not_before is None else table.c[not_before] <= row.excluded[not_before]
    return row.on_conflict_do_update(
        index_elements=[table.c[k] for k in keys],
        set_={
            name: table.c[name] + row.excluded[name] if adds else row.excluded[name]
            for name in values
        },
        where=newer,
    )


@cache
def insert_new(table: Table, columns: Sequence[str], *, is_sqlite: bool) -> Any:
    """Return a statement that inserts a row and returns its first column.

    Where the key is known it does nothing and returns no row.
    """
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(table).values({name: bindparam(name) for name in columns})
    return row.on_conflict_do_nothing().returning(table.c[columns[0]])


@cache
def insert_if_new(table: Table, columns: Sequence[str], *, is_sqlite: bool) -> Any:
    """Return a statement that inserts a row, or does nothing where its key is known.

    Unlike `insert_new` it returns no row, so many rows may be given at once.
    """
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(table).values({name: bindparam(name) for name in columns})
    return row.on_conflict_do_nothing()
