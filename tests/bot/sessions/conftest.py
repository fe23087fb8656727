"""A school in the autumn of 2026: sessions as the staff makes them, and phones of parents."""

import pytest

from tests.support.gate import Gate
from tests.support.office import Office


@pytest.fixture
async def gate(sqlite_settings):
    async with Gate.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def each_gate(settings):
    """The same on both databases."""
    async with Gate.open(settings) as opened:
        yield opened


@pytest.fixture
async def school(sqlite_settings):
    """The console, with the small city."""
    async with Office.open(sqlite_settings) as opened:
        await opened.units()
        yield opened
