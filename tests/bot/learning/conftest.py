"""A desk with courses, on either database."""

import pytest

from tests.support import school

NAMES = ("homework-rhythm", "bedtime-sleep", "family-culture", "junior-talk", "kinder-start")


@pytest.fixture
async def lectern(desk):
    """A desk on SQLite with a few courses published."""
    await school.publish(desk.rt, *NAMES)
    return desk


@pytest.fixture
async def each_lectern(each_desk):
    """The same on both databases."""
    await school.publish(each_desk.rt, *NAMES)
    return each_desk
