"""Many rows, one statement, compiled once: what the inbox writes with on every batch.

SQLAlchemy prepares each row of an executemany by itself, at about the price of the row's own
insert (docs/performance.md). Here the statement is compiled once a dialect and rows become tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect, Executable
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from bot.db.base import Instant


def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        return SQLiteDialect_aiosqlite(paramstyle="qmark")
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    #: Name and converter of each parameter, in order.
    parameters: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    #: Values that stand in the statement itself.
    constants: Mapping[str, Any]


_compiled: dict[tuple[int, str], tuple[Executable, _Compiled]] = {}


def execute(tx: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement once for each row; the rows name every parameter.

    Values that stand in the statement itself (`column + 1`) are the same for all rows.
    """
    compiled = _get(statement, tx.dialect.name)
    if compiled.constants:
        rows = [{**compiled.constants, **row} for row in rows]
    parameters = compiled.parameters
    values = [
        tuple([convert(row[name]) if convert else row[name] for name, convert in parameters])
        for row in rows
    ]
    tx.exec_driver_sql(compiled.sql, values)


def _get(statement: Executable, dialect_name: str) -> _Compiled:
    key = (id(statement), dialect_name)
    found = _compiled.get(key)
    if found is None:  # the statement is kept beside it, so that its id stays its own
        found = _compiled[key] = (statement, _compile(statement, dialect_name))
    return found[1]


def _compile(statement: Executable, dialect_name: str) -> _Compiled:
    dialect = _dialect(dialect_name)
    assert isinstance(statement, ClauseElement)
    made = statement.compile(dialect=dialect)
    assert isinstance(made, SQLCompiler)
    names = made.positiontup or []
    converters = [_converter(made.binds[name].type, dialect) for name in names]
    constants = {name: bind.value for name, bind in made.binds.items() if not bind.required}
    return _Compiled(str(made), tuple(zip(names, converters, strict=True)), constants)


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the type's own converter; the same instant met again is not converted again."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None or not isinstance(kind, Instant):
        return convert
    last: tuple[Any, Any] = (None, None)

    def converted(value: Any) -> Any:
        nonlocal last
        if value is not last[0]:
            last = (value, convert(value))
        return last[1]

    return converted
