"""The pages of parents, and a desk beside a school whose classes have codes."""

import pytest

from tests.support import places
from tests.support.parents import House


@pytest.fixture
async def each_house(settings):
    """The pages of parents on each database."""
    async with House.open(settings) as opened:
        yield opened


@pytest.fixture
async def house(sqlite_settings):
    """The pages of parents on SQLite."""
    async with House.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def town_desk(each_desk):
    await places.build(each_desk.rt.db, each_desk.clock.now())
    return each_desk
