"""Whole talks from the YAML files beside this one, on a real service with the sandbox around it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from bot.clock import HandClock
from bot.directory import actions as directory
from tests.support import places, school, world
from tests.support.desk import MORNING

FOLDER = Path(__file__).parent
TALKS = {
    f"{file.stem}: {name}": talk
    for file in sorted(FOLDER.glob("*.yaml"))
    for name, talk in yaml.safe_load(file.read_text(encoding="utf-8")).items()
}
KNOWN = {"parent", "do", "words", "values", "bot", "not", "silent"}
COURSES = ("homework-rhythm", "bedtime-sleep", "family-culture", "grandparents-together")
#: Steps after which the talk begins: whoever follows does it by itself.
FOLLOWING = ("follow", "scan ")


@pytest.fixture
async def clock():
    """A working morning: what the account says depends on the office hours."""
    return HandClock(MORNING)


@pytest.fixture
async def town(settings, clock):
    async with world.City.open(settings, clock=clock) as city:
        city.platform.clock.freeze(clock.timestamp())
        await places.build(city.db, clock.now())
        async with city.db.write() as tx:
            await directory.seed(tx, clock.now())
        await school.publish(SimpleNamespace(db=city.db, clock=clock), *COURSES)
        yield city


@pytest.mark.parametrize("name", TALKS)
async def test_a_talk(town, clock, name):
    parent = town.parent()
    if not TALKS[name][0].get("do", "").startswith(FOLLOWING):
        await parent.follows()
    for number, step in enumerate(TALKS[name], 1):
        assert set(step) <= KNOWN, f"step {number}"
        wait(town, clock, 0.1)
        told = await take(town, clock, parent, step)
        place = f"step {number} {step.get('parent') or step['do']}: {told}"
        assert [w for w in step.get("bot", ()) if w not in told] == [], place
        assert [w for w in step.get("not", ()) if w in told] == [], place
        assert told == "" or not step.get("silent"), place
        if "parent" in step:
            assert told, place
            assert parent.deliveries[-1].verdict.findings == [], place


async def take(town, clock, parent, step):
    """Do one step; returns what the account answered."""
    if "parent" in step:
        return await parent.says(step["parent"])
    kind, _, number = step["do"].partition(" ")
    if kind == "wait":
        wait(town, clock, float(number))
        return ""
    if kind == "follow":
        return await parent.follows()
    if kind == "scan":
        return await parent.scans(number)
    if kind == "leave":
        return await parent.leaves()
    values = {"recognition": step["words"]} if "words" in step else step.get("values", {})
    return await parent.sends(kind, **values)


def wait(town, clock, minutes):
    clock.turn(minutes=minutes)
    town.platform.clock.freeze(clock.timestamp())


def test_the_talks_are_found():
    assert len(TALKS) >= 30
