"""A school with a class of 31 and one of 9 households, on both databases."""

import pytest

from tests.support import school, teaching
from tests.support.office import Office
from tests.support.places import CLASS, OTHER_CLASS


async def filled(office):
    await office.units()
    await teaching.second_class(office.rt)
    await school.publish(office.rt, "homework-rhythm", "phone-agreement")
    await teaching.households(office.rt, CLASS, 31, learned=14)
    await teaching.households(office.rt, OTHER_CLASS, 9, learned=9)
    return office


@pytest.fixture
async def staffroom(sqlite_settings):
    async with Office.open(sqlite_settings) as opened:
        yield await filled(opened)


@pytest.fixture
async def each_staffroom(settings):
    """The same on both databases."""
    async with Office.open(settings) as opened:
        yield await filled(opened)
