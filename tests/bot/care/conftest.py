"""A counter on each database, and one on SQLite."""

import pytest

from tests.support.counter import Counter


@pytest.fixture
async def counter(settings):
    async with Counter.open(settings) as opened:
        yield opened


@pytest.fixture
async def one_counter(sqlite_settings):
    async with Counter.open(sqlite_settings) as opened:
        yield opened
