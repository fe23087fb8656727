"""The schema: from nothing to head, twice, two at once, down and up again."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from bot import app  # noqa: F401 - every feature's tables are known
from bot.db import migrate, revisions
from bot.db.base import metadata
from bot.errors import StartRefused


@pytest.fixture
def engine(settings):
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite")
    made = create_engine(url)
    yield made
    made.dispose()


def tables(engine):
    return set(inspect(engine).get_table_names())


def test_from_nothing_to_what_the_code_expects(settings, engine):
    assert not revisions.is_newest(settings.url)
    migrate.upgrade(settings.url)
    assert revisions.is_newest(settings.url)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert migrate.current(connection) == migrate.heads() == (revisions.newest(),)


def test_a_second_time_changes_nothing(settings, engine):
    migrate.upgrade(settings.url)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO conversation VALUES ('a', 'o', '{}', '2026-11-24 00:00:00')")
        )
    migrate.upgrade(settings.url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM conversation")) == 1


def test_four_at_once_bring_it_to_head(settings, engine):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate.upgrade(settings.url), range(4)))
    assert revisions.is_newest(settings.url)
    assert set(metadata.tables) <= tables(engine)


def test_two_processes_at_once_bring_it_to_head(settings):
    line = f"from bot.db.migrate import upgrade; upgrade({settings.url!r})"
    root = Path(__file__).parents[3]
    both = [
        subprocess.Popen([sys.executable, "-c", line], cwd=root, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [(p.communicate(timeout=60)[1], p.returncode) for p in both]
    assert ends == [(b"", 0), (b"", 0)]
    assert revisions.is_newest(settings.url)


def test_down_to_nothing_and_up_again(settings, engine):
    migrate.upgrade(settings.url)
    with engine.connect() as connection:
        command.downgrade(migrate.config(connection=connection), "base")
        connection.commit()
    assert tables(engine) == {"alembic_version"}
    migrate.upgrade(settings.url)
    assert set(metadata.tables) <= tables(engine)


def test_the_file_belongs_to_its_owner_alone(sqlite_settings):
    migrate.upgrade(sqlite_settings.url)
    assert Path(make_url(sqlite_settings.url).database).stat().st_mode & 0o777 == 0o600


def test_a_database_out_of_reach_is_said_in_one_sentence():
    with pytest.raises(StartRefused, match="cannot be migrated") as caught:
        migrate.upgrade("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
