"""A desk with courses, on either database; its parents have agreed to the service."""

import pytest

from bot.people import joining
from tests.support import school, world
from tests.support.desk import FATHER, MOTHER

NAMES = ("homework-rhythm", "bedtime-sleep", "family-culture", "junior-talk", "kinder-start")


async def joined(desk, *openids):
    """Note that these parents have agreed."""
    async with desk.rt.db.write() as tx:
        for openid in openids or (MOTHER, FATHER):
            for one in joining.agree(
                (world.ACCOUNT, openid), desk.clock.now(), "test",
                is_elder=False, is_sqlite=desk.rt.db.is_sqlite,
            ):  # fmt: skip
                await tx.execute(*one)


@pytest.fixture
async def joined_desk(desk):
    """A desk on SQLite whose parents have agreed, without a course."""
    await joined(desk)
    return desk


@pytest.fixture
async def lectern(joined_desk):
    """A desk on SQLite with a few courses published."""
    await school.publish(joined_desk.rt, *NAMES)
    return joined_desk


@pytest.fixture
async def each_lectern(each_desk):
    """The same on both databases."""
    await joined(each_desk)
    await school.publish(each_desk.rt, *NAMES)
    return each_desk
