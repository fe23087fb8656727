"""The parent school as parents' phones meet it: a running service, courses published, a parent."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot import app
from bot.clock import GUANGZHOU
from bot.people import consents, families
from bot.people.consents import Kind
from bot.people.families import children
from tests.support import school, world
from tests.support.handset import logged_in
from tests.support.parents import House


@dataclass
class Schoolhouse:
    """The house on an evening of a term, and a runtime beside it for what the staff does."""

    house: House
    rt: object
    #: The parents whose phones were asked for, by openid.
    parents: dict = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(cls, given, *names, at="2026-11-26 18:30"):
        async with (
            House.open(given) as house,
            app.opened(house.city.settings, clock=house.clock) as rt,
        ):
            made = cls(house, rt)
            made.at(at)
            await school.publish(rt, *names)
            yield made

    def at(self, text):
        """Turn all clocks to a moment in Guangzhou."""
        moment = datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)
        self.house.wait(seconds=(moment - self.house.clock.now()) / timedelta(seconds=1))

    async def phone(self, *words, name="mother", grades=(("primary", 2024),), agreed=True):
        """Return the phone of a parent who follows, told of children, and logged in."""
        parent = await self.house.parent(*words, name=name)
        if agreed:
            await self.house.known(parent)
            await self.agree(parent.openid, Kind.SERVICE, Kind.LESSONS)
        now = self.house.clock.now()
        rows = [
            {"account": world.ACCOUNT, "openid": parent.openid, "stage": stage, "entry_year": year,
             "source": "told", "added_at": now}
            for stage, year in grades
        ]  # fmt: skip
        if rows:
            async with self.rt.db.write() as tx:
                await tx.execute(insert(children), rows)
        self.parents[parent.openid] = parent
        return await logged_in(self.house, parent)

    async def says(self, phone, *words):
        """Say words in the chat, a few seconds apart; returns the last answer."""
        for said in words:
            self.house.wait(seconds=2)
            told = await self.parents[phone.openid].says(said)
        return told

    async def agree(self, openid, *kinds):
        """Note that a parent agrees to these."""
        now, rows = self.house.clock.now(), []
        for kind in kinds:
            consents.note(
                lambda _, row: rows.append(row), (world.ACCOUNT, openid), kind, now,
                given=True, version="test",
            )  # fmt: skip
        async with self.rt.db.write() as tx:
            await tx.execute(insert(families.consents), rows)

    async def rows(self, sql, **values):
        return await self.house.rows(sql, **values)
