"""An office with the city's tree, and forty families in each of two schools."""

import pytest

from tests.support import families
from tests.support.families import Family, Kid
from tests.support.office import CLASS, OTHER_SCHOOL

OPERATOR = ("operator", "", "")


def crowd(count=40):
    """Return families of a class in Tianhe and of a school in Yuexiu."""
    here = [Family(f"oHere{n:03}", (Kid("primary", 2024, CLASS),)) for n in range(count)]
    there = [
        Family(f"oThere{n:03}", (Kid("primary", 2025, f"{OTHER_SCHOOL}/2025/1"),), role="father")
        for n in range(count)
    ]
    return [*here, *there]


@pytest.fixture
async def bureau(office):
    await office.units()
    return office


@pytest.fixture
async def each_bureau(each_office):
    await each_office.units()
    await families.write(each_office.rt.db, crowd())
    return each_office
