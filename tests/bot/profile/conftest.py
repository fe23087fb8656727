"""A desk beside a school: parents can scan the codes of its classes."""

import pytest

from tests.support import places


@pytest.fixture
async def town_desk(each_desk):
    await places.build(each_desk.rt.db, each_desk.clock.now())
    return each_desk
