"""Bring the schema to head, at start or by `bot migrate`; several replicas may start at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import StartRefused

_HERE = Path(__file__).parent / "migrations"
LOCK = 4_105_2024  # any constant: one advisory lock for all replicas, and for a restore


def config(**attributes: Any) -> Config:
    """Return an Alembic configuration that uses the given connection."""
    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes.update(attributes)
    return made


def upgrade(url: str, *, to: str = "head") -> None:
    """Migrate forward; a second process waits for the first and then finds nothing to do.

    Raises:
        StartRefused: the database cannot be reached or refuses the change.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername="sqlite")
        if parsed.database:
            _make_file(Path(parsed.database))
    try:
        engine = create_engine(parsed, hide_parameters=True)
        with engine.connect() as connection:
            _hold(connection)
            command.upgrade(config(connection=connection), to)
            connection.commit()
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise StartRefused(f"the database cannot be migrated: {reason}") from error
    finally:
        engine.dispose()


def _make_file(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # parents' words are in it
    except OSError as error:
        raise StartRefused(
            f"the database file in {file.parent} (BOT_DATA or BOT_DATABASE_URL) "
            f"cannot be made: {error.strerror}"
        ) from error


def _hold(connection: Connection) -> None:
    """Take the lock of this transaction: one migration at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    else:
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")
        connection.commit()
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.isolation_level = None
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def heads() -> tuple[str, ...]:
    """Return the newest revisions this program knows."""
    return tuple(ScriptDirectory.from_config(config()).get_heads())


def current(connection: Connection) -> tuple[str, ...]:
    """Return the revisions the database stands at."""
    return MigrationContext.configure(connection).get_current_heads()
