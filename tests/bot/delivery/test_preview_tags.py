"""The plan says beforehand whether the mass send goes by a tag, as the freezing then does."""

from functools import partial

import pytest

from bot.delivery import cuts, order, preview
from bot.delivery.order import Content
from bot.delivery.states import Channel
from tests.support import sending

ONE = Content(pull=sending.PULL, mass={"text": "大家好"})
OTHER = Content(pull=sending.PULL, mass={"text": "您好"})
#: Lists a day, texts, whether it goes by a tag: 25 parents, ten a list.
TABLE = {
    "no lists": (0, (ONE,), True),
    "two lists": (2, (ONE,), True),
    "three lists": (3, (ONE,), False),
    "two texts": (2, (ONE, OTHER), True),
}


@pytest.mark.parametrize("case", TABLE)
async def test_the_preview_says_what_the_freezing_chooses(settings, monkeypatch, case):
    monkeypatch.setitem(cuts.SIZES, Channel.MASS, 10)
    lists, texts, by_tag = TABLE[case]
    given = settings.model_copy(update={"mass_lists": lists})
    async with sending.opened(given) as office:
        await office.people(25)
        number = await office.order(texts=texts)
        async with office.rt.db.read() as tx:
            seen = await tx.run_sync(partial(_look, office, number))
        assert (seen.by_channel, seen.by_tag) == ({Channel.MASS: 25}, by_tag)
        await office.start(number)
        assert bool(await office.rows("SELECT tag FROM send_tag")) is by_tag


async def test_without_a_mass_send_there_is_no_tag(sqlite_settings):
    async with sending.opened(sqlite_settings.model_copy(update={"mass_lists": 0})) as office:
        await office.people(25)
        number = await office.order()
        async with office.rt.db.read() as tx:
            assert not (await tx.run_sync(partial(_look, office, number))).by_tag


def _look(office, number, tx):
    return preview.preview(office.rt, tx, order.load(tx, number))
