"""An office whose base is published and taken over, and parents who write to its account."""

import pytest

from bot.curation import adopting
from tests.support.asking import Parents
from tests.support.office import Office


async def _adopted(office):
    await office.units()
    async with office.rt.db.write() as tx:
        await adopting.adopt(office.rt, tx)
    return office


@pytest.fixture
async def desk_office(sqlite_settings):
    """On SQLite."""
    async with Office.open(sqlite_settings, base=True) as opened:
        yield await _adopted(opened)


@pytest.fixture
async def each_desk_office(settings):
    """The same on both databases."""
    async with Office.open(settings, base=True) as opened:
        yield await _adopted(opened)


@pytest.fixture
async def parents(desk_office):
    return Parents(desk_office)


@pytest.fixture
async def each_parents(each_desk_office):
    return Parents(each_desk_office)
