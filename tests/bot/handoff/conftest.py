"""A counter on each database, and one on SQLite."""

import pytest

from tests.support.counter import Counter


@pytest.fixture
async def counter(settings):
    """A counter on each database."""
    async with Counter.open(settings) as opened:
        yield opened


@pytest.fixture
async def one_counter(sqlite_settings):
    """A counter on SQLite."""
    async with Counter.open(sqlite_settings) as opened:
        yield opened
