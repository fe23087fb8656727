"""What running the service is tested with: PostgreSQL's own tools, and counted rows."""

import pytest
from sqlalchemy import func, select

from bot import app  # noqa: F401 - every feature's tables are known
from bot.db.base import metadata
from tests.support import world


@pytest.fixture
def settings(request, tmp_path, database_url):
    is_sqlite = database_url.startswith("sqlite")
    tools = "" if is_sqlite else request.getfixturevalue("postgres").tools
    return world.settings(tmp_path, database_url, pg_bin=tools)


@pytest.fixture
def counted():
    """Return how many rows each table has."""

    async def count(db):
        async with db.read() as tx:
            return {
                table.name: await tx.scalar(select(func.count()).select_from(table))
                for table in metadata.sorted_tables
            }

    return count
