"""An office with the city's tree and the seeded directory."""

import pytest

EDITOR = ("editor", "", "")


@pytest.fixture
async def bureau(office):
    await office.units()
    return office


@pytest.fixture
async def each_bureau(each_office):
    await each_office.units()
    return each_office
