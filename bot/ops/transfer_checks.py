"""What must be so before a database is copied: a source that rests, a target with nothing in it.

The schema `dbos` of PostgreSQL and the file `jobs.db` beside SQLite's are neither looked at nor
copied: they hold runners, which bot/delivery/engine.py starts again from the ledger.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.db import revisions
from bot.db.base import metadata
from bot.delivery import fence
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage
from bot.delivery.tables import fences
from bot.errors import InvalidInput
from bot.ops import sqlite_copy

_VERSION = "alembic_version"
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def address(given: str) -> URL:
    """Return a database URL with its driver.

    Raises:
        InvalidInput: it is none, or of a database that is not known here.
    """
    try:
        url = make_url(given)
        kind = url.get_backend_name()
    except ArgumentError:
        raise InvalidInput("--to is not a database URL") from None
    if kind not in _DRIVERS or not url.database:
        raise InvalidInput("--to must be sqlite:///file or postgresql://user@host/name")
    return url.set(drivername=_DRIVERS[kind])


def is_same(one: URL, other: URL) -> bool:
    """Say whether two addresses name one database, as far as they tell."""
    if one.get_backend_name() == other.get_backend_name() == "sqlite":
        return Path(one.database or "").resolve() == Path(other.database or "").resolve()
    return one == other


def may_hold(url: URL) -> bool:
    """Say whether there is anything to look at: a SQLite file that is not there is empty."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def rests(url: URL) -> None:
    """Refuse a source that a process has open; this process must not have it open either.

    Raises:
        InvalidInput: `bot serve` or `bot work` runs, or anything else is connected.
    """
    if url.get_backend_name() == "sqlite":
        place = Path(url.database or "")
        if not place.exists():
            raise InvalidInput("there is no database yet: run `bot init`")
        with sqlite_copy.taken(place):
            pass


def alone(source: Connection) -> None:
    """Refuse a PostgreSQL source that others are connected to.

    Raises:
        InvalidInput: with how many there are.
    """
    if source.dialect.name != "postgresql":
        return
    others = source.scalar(
        sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    if others:
        raise InvalidInput(
            f"{others} connections to the database are open: stop `bot serve` and `bot work` first"
        )


def source(here: Connection) -> None:
    """Refuse a source that cannot be copied as it stands.

    Raises:
        InvalidInput: with the sentence that says why.
    """
    tables = set(inspect(here).get_table_names())
    if _VERSION not in tables or _revision(here) != revisions.newest():
        raise InvalidInput("the schema of this database is not the newest: run `bot migrate`")
    strange = sorted(tables - set(metadata.tables) - {_VERSION})
    if strange:
        raise InvalidInput(f"table {strange[0]} is not of this version: it would be left behind")
    reason = here.scalar(select(fences.c.reason))
    if reason in fence.FINAL:
        raise InvalidInput(fence.FINAL[reason])
    freezing = here.scalar(select(broadcasts.c.id).where(broadcasts.c.stage == Stage.FREEZING))
    if freezing is not None:
        raise InvalidInput(
            f"the audience of broadcast {freezing} is being frozen, and databases order people "
            "differently: let `bot work` finish it (seconds to minutes), then stop it and copy"
        )


def target(there: Connection) -> bool:
    """Refuse a target that holds anything; says whether it has the schema already.

    Raises:
        InvalidInput: with the table that is there, or the revision.
    """
    tables = sorted(inspect(there).get_table_names())
    if _VERSION not in tables:
        if tables:
            raise InvalidInput(f"the target is not empty: it has a table {tables[0]}")
        return False
    stands = _revision(there)
    if stands != revisions.newest():
        raise InvalidInput(
            f"the target has the schema {stands or '(none)'}, this version {revisions.newest()}: "
            "give an empty database"
        )
    _mark(there)
    for name in tables:
        if name != _VERSION and _has_rows(there, name):
            raise InvalidInput(f"the target is not empty: table {name} has rows")
    return True


def _mark(there: Connection) -> None:
    if there.scalar(select(fences.c.reason)) == "copying":
        raise InvalidInput(fence.FINAL["copying"])


def _has_rows(there: Connection, name: str) -> bool:
    quoted = there.dialect.identifier_preparer.quote_identifier(name)
    return there.scalar(sql(f"SELECT 1 FROM {quoted} LIMIT 1")) is not None  # noqa: S608 - catalogue


def _revision(connection: Connection) -> str:
    return str(connection.scalar(sql(f"SELECT version_num FROM {_VERSION}")) or "")  # noqa: S608 - ours
