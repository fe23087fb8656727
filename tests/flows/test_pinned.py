"""L7 over the wire, with two services: a rumour in Panyu, its answer there, over in a day."""

import pytest

from bot import app
from bot.clock import HandClock
from bot.people import staff
from bot.people.actor import Grant
from bot.pinned import actions, surge_queries, watch
from bot.pinned.actions import Wanted
from tests.bot.pinned.conftest import ANSWER, PANYU, RUMOUR, TIANHE, entry
from tests.support import places, world
from tests.support.desk import MORNING

CROWD = 31


@pytest.fixture
async def clock():
    return HandClock(MORNING)


@pytest.fixture
async def town(settings, clock):
    async with world.City.open(settings, clock=clock, services=2) as city:
        city.platform.clock.freeze(clock.timestamp())
        await places.build(city.db, clock.now())
        yield city


@pytest.fixture
async def rt(town, clock):
    async with app.opened(town.settings, clock=clock) as opened:
        yield opened


def wait(town, clock, **by):
    clock.turn(**by)
    town.platform.clock.freeze(clock.timestamp())


async def editor(rt, login):
    now = rt.clock.now()
    async with rt.db.write() as tx:
        number = await staff.create(tx, login=login, name=login, password="x", now=now)
        given = await staff.propose(tx, number, Grant("editor", "", ""), by=number, now=now)
        await staff.approve(tx, given, by=number + 1, now=now)
    async with rt.db.read() as tx:
        return await staff.actor(tx, number)


async def of(town, clock, area, name):
    parent = town.parent(name)
    await parent.follows(f"unit:{area}")
    wait(town, clock, seconds=1)
    return parent


async def test_a_rumour_is_noticed_answered_in_its_district_and_over_by_itself(town, rt, clock):
    crowd = [await of(town, clock, PANYU, f"p{n}") for n in range(CROWD)]
    for n, parent in enumerate(crowd):
        assert ANSWER not in await parent.says(("番禺是不是要停课", RUMOUR[4])[n % 2])
        wait(town, clock, seconds=1)
    assert await watch.watch_surges(rt) == 1
    writer, second = await editor(rt, "writer"), await editor(rt, "second")
    async with rt.db.read() as tx:
        (surge,) = await surge_queries.listed(tx, writer, alive=True, offset=0, limit=9)
    assert (surge.area, surge.count, surge.askers) == (PANYU, CROWD, CROWD)
    async with rt.db.write() as tx:
        number = await actions.create(rt, tx, writer, Wanted(entry(), 24, surge.id))
    async with rt.db.write() as tx:
        await actions.approve(rt, tx, second, number, 1)

    mother, other = crowd[0], await of(town, clock, TIANHE, "tianhe")
    stranger = town.parent("stranger")
    await stranger.follows()
    for words in RUMOUR[:2]:  # one after the other: each service answers
        wait(town, clock, seconds=1)
        assert ANSWER in await mother.says(words)
        assert ANSWER not in await other.says(words)
        assert ANSWER not in await stranger.says(words)
    assert mother.deliveries[-1].verdict.findings == []
    wait(town, clock, hours=23, minutes=50)
    assert ANSWER in await mother.says(RUMOUR[2])
    wait(town, clock, minutes=11)
    for words in RUMOUR[:2]:
        wait(town, clock, seconds=1)
        assert ANSWER not in await mother.says(words)


async def test_withdrawn_it_is_gone_on_every_service_with_the_next_message(town, rt, clock):
    writer, second = await editor(rt, "writer"), await editor(rt, "second")
    async with rt.db.write() as tx:
        number = await actions.create(rt, tx, writer, Wanted(entry(), 24))
    async with rt.db.write() as tx:
        await actions.approve(rt, tx, second, number, 1)
    mother = await of(town, clock, PANYU, "mother")
    for words in RUMOUR[:2]:
        wait(town, clock, seconds=1)
        assert ANSWER in await mother.says(words)
    async with rt.db.write() as tx:
        await actions.withdraw(rt, tx, second, number, "更正")
    for words in RUMOUR[2:4]:
        wait(town, clock, seconds=1)
        assert ANSWER not in await mother.says(words)
