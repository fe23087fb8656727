"""The console with courses on both databases, and who writes, judges and publishes them."""

from dataclasses import dataclass, replace

import pytest

from bot.courses import actions, seeding, store
from bot.people.actor import Actor, Grant
from tests.support import school
from tests.support.office import Office

CHEN = Actor(1001, "chen", "陈老师", (Grant("editor", ""),))
HUANG = Actor(1002, "huang", "黄老师", (Grant("editor", ""),))
AUTHOR = Actor(1003, "wu", "吴老师", (Grant("author", "gz/tianhe"),))
NAME = "homework-rhythm"


@dataclass
class Academy:
    """The office with a tree and one course published from the files."""

    office: Office

    @property
    def rt(self):
        return self.office.rt

    async def does(self, action, actor, *given, **named):
        async with self.rt.db.write() as tx:
            return await action(self.rt, tx, actor, *given, **named)

    async def draft(self, name=NAME):
        async with self.rt.db.read() as tx:
            return await store.opened(tx, name)

    async def versions(self, name=NAME):
        async with self.rt.db.read() as tx:
            return await store.versions(tx, name)

    async def row(self, name=NAME):
        async with self.rt.db.read() as tx:
            return await store.one(tx, CHEN, name)

    async def writes(self, actor=CHEN, **changes):
        return await self.does(actions.save, actor, replace(school.course(), **changes))

    async def brings(self, actor=CHEN, by=HUANG, **more):
        """Write, approve and publish another text."""
        await self.writes(actor, **more)
        await self.does(actions.submit, actor, NAME)
        await self.does(actions.approve, by, NAME, (await self.draft()).token)
        return await self.does(actions.publish, by, NAME)

    async def seeds(self, folder):
        async with self.rt.db.write() as tx:
            return await seeding.seed(self.rt, tx, folder)


@pytest.fixture
async def academy(sqlite_settings):
    async with Office.open(sqlite_settings) as office:
        await office.units()
        await school.publish(office.rt)
        yield Academy(office)


@pytest.fixture
async def each_academy(settings):
    """The same on both databases."""
    async with Office.open(settings) as office:
        await office.units()
        await school.publish(office.rt)
        yield Academy(office)


@pytest.fixture
async def each_empty(settings):
    """On both databases, without a course."""
    async with Office.open(settings) as office:
        await office.units()
        yield Academy(office)
