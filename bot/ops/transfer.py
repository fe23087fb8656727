"""Move everything from the database in use to an empty one of either kind, and prove it.

At every instant at most one of the two may send. The source is locked for writing from before the
first row is read, in one transaction that ends with its fence `copied`; the target stands behind
its fence `copying` from before its first row, and loses it last of all. Whatever kills the copy,
the source is as before, or both are fenced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock, SystemClock
from bot.db.base import metadata
from bot.db.engine import plain
from bot.db.migrate import upgrade
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage
from bot.delivery.tables import fences
from bot.errors import InvalidInput, StoreAway
from bot.logs import log
from bot.ops import transfer_checks as checks
from bot.ops import transfer_rows as rows
from bot.ops.transfer_rows import Sum


@dataclass(frozen=True, slots=True)
class Compared:
    """A table on both sides."""

    table: str
    here: Sum
    there: Sum

    @property
    def is_equal(self) -> bool:
        """Whether both hold the same rows."""
        return self.here == self.there


class Differs(InvalidInput):
    """The target does not hold what the source holds; it keeps its fence and is not to be used."""

    def __init__(self, tables: list[Compared]) -> None:
        super().__init__(
            "the target differs from the source and cannot be used: drop it. "
            "Nothing has changed in the source."
        )
        self.tables = tables


def copy(
    url: str, to: str, *, clock: Clock | None = None, tell: Callable[[str], None] = log.debug
) -> list[Compared]:
    """Copy the database of one URL to the empty one of another; returns the tables compared.

    Raises:
        InvalidInput: the source is in use or not ready, or the target is not empty.
        Differs: the copy is not equal.
        StoreAway: one of the two does not answer, or does not take a row.
    """
    here, there = checks.address(url), checks.address(to)
    if checks.is_same(here, there):
        raise InvalidInput("--to is the database in use")
    check_rest(url)
    source, target = plain(here), plain(there)
    try:
        with _said("the source"), source.connect() as connection:
            checks.source(connection)
        _prepare(target, there, (clock or SystemClock()).now())
        with _said("the source"), source.connect() as connection:
            _lock(connection)
            checks.source(connection)
            return _copy(connection, target, (clock or SystemClock()).now(), tell)
    finally:
        source.dispose()
        target.dispose()


def check_rest(url: str) -> None:
    """Say whether a process has the database open.

    Raises:
        InvalidInput: one has.
    """
    parsed = checks.address(url)
    checks.rests(parsed)
    engine = plain(parsed)
    try:
        with _said("the source"), engine.connect() as connection:
            checks.alone(connection)
    finally:
        engine.dispose()


def _prepare(target: Engine, url: URL, at: datetime) -> None:
    """Bring the target to the schema and put its mark on it."""
    with _said("the target"):
        has_schema = False
        if checks.may_hold(url):
            with target.connect() as there:
                has_schema = checks.target(there)
        if not has_schema:
            upgrade(url.render_as_string(hide_password=False))
        with target.begin() as there:
            there.execute(insert(fences).values(id=1, raised_at=at, reason="copying"))


def _lock(source: Connection) -> None:
    """Keep every writer out until this transaction ends; on SQLite its BEGIN IMMEDIATE does."""
    if source.dialect.name != "postgresql":
        source.execute(select(fences.c.id))
        return
    names = ", ".join(
        source.dialect.identifier_preparer.format_table(table) for table in metadata.sorted_tables
    )
    source.execute(sql("SET LOCAL lock_timeout = '10s'"))
    source.execute(sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _copy(
    source: Connection, target: Engine, at: datetime, tell: Callable[[str], None]
) -> list[Compared]:
    moved: list[tuple[Table, Sum]] = []
    for table in metadata.sorted_tables:
        if table is not fences:
            tell(table.name)
            with _said(f"table {table.name}"):
                moved.append((table, rows.move(source, target, table)))
    with _said("the target"), target.connect() as there:
        found = [Compared(one.name, made, rows.summed(there, one)) for one, made in moved]
        for one, _ in moved:
            rows.counters(source, there, one)
        found.append(_hand_over(source, there))
        if not all(one.is_equal for one in found):
            raise Differs(found)
        _fence(source, at)
        source.commit()  # from here on the source never sends again by itself
        _open(there)
    log.warning("copied", rows=sum(one.here.rows for one in found))
    return found


def _open(target: Connection) -> None:
    try:
        target.commit()
    except DBAPIError as error:
        raise StoreAway(
            "the target did not take the last step: both databases are fenced now. Drop the "
            "target, lift the fence of the source with `bot fence lift --copied`, copy again"
        ) from error


def _hand_over(source: Connection, target: Connection) -> Compared:
    """Take the mark off the target and put the source's own fence there, if one stands.

    Running broadcasts begin a new round: of a round before, DBOS may know ended runners.
    """
    target.execute(delete(fences))
    rows.put(target, fences, source.execute(select(fences)).mappings().all())
    compared = Compared(fences.name, rows.summed(source, fences), rows.summed(target, fences))
    b = broadcasts.c
    target.execute(
        update(broadcasts).where(b.stage == Stage.RUNNING).values({b.round: b.round + 1})
    )
    return compared


def _fence(source: Connection, at: datetime) -> None:
    source.execute(delete(fences))
    source.execute(insert(fences).values(id=1, raised_at=at, reason="copied"))


@contextmanager
def _said(what: str) -> Iterator[None]:
    """Say an error of a database in one line, which never holds a value or a password."""
    try:
        yield
    except DBAPIError as error:
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise StoreAway(f"{what} cannot be copied: {lines[0]}") from error
