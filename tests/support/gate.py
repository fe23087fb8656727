"""The gate of a school: sessions made by the staff, parents with phones, a clock turned by hand."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot import app
from bot.clock import GUANGZHOU
from bot.org import tree
from bot.people.actor import Actor, Grant
from bot.people.families import children
from bot.sessions import editing, gate_token, queries, seats
from tests.support import school
from tests.support.handset import Handset, logged_in
from tests.support.office import _UNITS, CLASS, SCHOOL
from tests.support.parents import House
from tests.support.world import ACCOUNT

LIN = Actor(2001, "lin", "林老师", (Grant("school_lead", SCHOOL),))


@dataclass
class Gate:
    """The house, and a runtime beside it for what the staff and the worker do."""

    house: House
    rt: object

    @classmethod
    @asynccontextmanager
    async def open(cls, given, at="2026-11-26 15:00", **more):
        async with AsyncExitStack() as stack:
            house = await stack.enter_async_context(House.open(given, **more))
            opened = app.opened(house.city.settings, clock=house.clock)
            rt = await stack.enter_async_context(opened)
            async with rt.db.write() as tx:
                await tree.seed(tx, rt.clock.now())
                for unit in _UNITS:
                    await tree.add(tx, unit, rt.clock.now())
            await school.publish(rt)
            gate = cls(house, rt)
            gate.at(at)
            yield gate

    def at(self, text):
        """Turn all clocks to a moment in Guangzhou."""
        moment = moment_of(text)
        self.house.wait(seconds=(moment - self.house.clock.now()) / timedelta(seconds=1))

    async def session(self, at="2026-11-26 17:00", *, lasts=60, publish=True, **more):
        """Make and publish a session; returns its row."""
        begins = moment_of(at)
        values = {
            "area": SCHOOL, "kind": "gate", "programme": "", "title": "放学第一句话说什么",
            "text": "先说一句看见的，再问今天有什么好玩的。", "place": "示范一小 东门",
            "starts_at": begins, "ends_at": begins + timedelta(minutes=lasts), "capacity": 0,
            "course": "", "lesson": "", "minutes": 5, "early": 30, "late": 15,
        } | more  # fmt: skip
        async with self.rt.db.write() as tx:
            number = await editing.make(self.rt, tx, LIN, values)
            row = await queries.one(tx, LIN, queries.EDIT, number)
            if publish:
                await editing.publish(self.rt, tx, LIN, row, 1)
        return await self.row(number)

    async def row(self, number):
        async with self.rt.db.read() as tx:
            return await queries.one(tx, LIN, queries.EDIT, number)

    async def change(self, number, **more):
        """Change some of a session, as its form does."""
        before = await self.row(number)
        names = (
            "area", "kind", "programme", "title", "text", "place", "starts_at", "ends_at",
            "capacity", "course", "lesson", "minutes", "early", "late",
        )  # fmt: skip
        values = {name: getattr(before, name) for name in names} | more
        async with self.rt.db.write() as tx:
            await editing.change(self.rt, tx, LIN, before, values, before.revision)

    async def cancel(self, number):
        row = await self.row(number)
        async with self.rt.db.write() as tx:
            await editing.cancel(self.rt, tx, LIN, row, row.revision)

    def address(self, session):
        """Return what the code on the teacher's phone opens now."""
        token = gate_token.token(session.secret, self.rt.clock.now())
        return f"/h/gate/{session.code}/{token}"

    async def phone(self, name="mother", *, in_class=False):
        """Return a parent who follows and has agreed, and the phone, logged in."""
        parent = await self.house.parent(name=name)
        await self.house.known(parent)
        if in_class:
            row = {
                "account": ACCOUNT, "openid": parent.openid, "stage": "primary",
                "entry_year": 2024, "unit": CLASS, "source": "code",
                "added_at": self.rt.clock.now(),
            }  # fmt: skip
            async with self.rt.db.write() as tx:
                await tx.execute(insert(children).values(row))
        return parent, await logged_in(self.house, parent)

    def stranger(self, name="aunt"):
        """Return somebody who does not follow, and the phone."""
        parent = self.house.city.parent(name)
        return parent, Handset(self.house, parent.openid)

    async def join(self, number, openid):
        async with self.rt.db.write() as tx:
            return await seats.join(self.rt, tx, number, (ACCOUNT, openid))

    async def leave(self, number, openid):
        async with self.rt.db.write() as tx:
            await seats.leave(self.rt, tx, number, (ACCOUNT, openid))

    async def rows(self, sql, **values):
        return await self.house.rows(sql, **values)


def moment_of(text):
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)
