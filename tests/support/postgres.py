"""PostgreSQL databases that were filled once in a process and are copied afterwards."""

from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

_templates: dict[str, str] = {}


def copy(url, kind):
    """Fill the empty database of this address with what `keep` kept; False when there is none.

    One that holds tables is left as it is.
    """
    name = make_url(url).database
    with _server(url, name) as database:
        if database.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")):
            return True
    if kind not in _templates:
        return False
    with _server(url) as server:
        server.execute(text(f'DROP DATABASE "{name}"'))
        server.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{_templates[kind]}"'))
    return True


def keep(url, kind):
    """Keep a database that nobody is connected to, for `copy`."""
    name = make_url(url).database
    with _server(url) as server:
        server.execute(text(f'CREATE DATABASE "{name}_{kind}" TEMPLATE "{name}"'))
    _templates[kind] = f"{name}_{kind}"


@contextmanager
def _server(url, database="postgres"):
    address = make_url(url).set(drivername="postgresql+psycopg", database=database)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
