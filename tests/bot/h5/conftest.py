"""A house with pages on each database, and one on SQLite."""

import pytest

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
