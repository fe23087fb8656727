"""A parent school where somebody has finished a course."""

import pytest

from tests.support.academy import Academy


@pytest.fixture
async def academy(sqlite_settings):
    async with Academy.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def each_academy(settings):
    """The same on both databases."""
    async with Academy.open(settings) as opened:
        yield opened
