"""Parents who have learned something, their phones, and a runtime beside the running service."""

from __future__ import annotations

import itertools
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from bot import app
from bot.awards import issuing, jobs
from bot.clock import GUANGZHOU
from bot.org import tree
from bot.people.actor import Actor, Grant
from bot.school.certificate_tables import certificates
from bot.school.learner_tables import enrolments
from bot.school.record import Learned, note
from tests.support import school, world
from tests.support.handset import logged_in
from tests.support.parents import House

CHEN = Actor(1001, "chen", "陈老师", (Grant("operator", ""),))
HUANG = Actor(1002, "huang", "黄老师", (Grant("operator", ""),))
COURSE = "homework-rhythm"


@dataclass
class Academy:
    """The house, a runtime beside it, and courses that are published."""

    house: House
    rt: object
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @asynccontextmanager
    async def open(cls, given, at="2026-12-01 10:00"):
        async with AsyncExitStack() as stack:
            house = await stack.enter_async_context(House.open(given))
            opened = app.opened(house.city.settings, clock=house.clock)
            rt = await stack.enter_async_context(opened)
            async with rt.db.write() as tx:
                await tree.seed(tx, rt.clock.now())
            made = cls(house, rt)
            made.at(at)
            await school.publish(rt, COURSE, "phone-agreement", "family-culture")
            yield made

    def at(self, text):
        """Turn all clocks to a moment in Guangzhou."""
        moment = datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)
        self.house.wait(seconds=(moment - self.house.clock.now()) / timedelta(seconds=1))

    async def phone(self, name="mother"):
        """Return a parent who has agreed, and the phone that has logged in."""
        parent = await self.house.parent(name=name)
        await self.house.known(parent)
        return parent, await logged_in(self.house, parent)

    def person(self, parent):
        return world.ACCOUNT, parent.openid

    async def learns(self, person, kind="lesson", subject="", minutes=5, title="一节微课"):
        """Note one thing learned now."""
        subject = subject or f"x{next(self.numbers)}"
        now = self.rt.clock.now()
        one = Learned(kind, f"{kind}:{subject}", subject, title, minutes, "chat", now)
        async with self.rt.db.write() as tx:
            await tx.execute(*note(person, one, is_sqlite=self.rt.db.is_sqlite))

    async def finishes(self, person, course=COURSE):
        """Finish a course: every lesson and every practice of it."""
        for lesson in school.course(course).lessons:
            await self.learns(person, "lesson", f"{course}/{lesson.name}", 9)
            await self.learns(person, "practice", f"{course}/{lesson.name}", 15)
        now = self.rt.clock.now()
        async with self.rt.db.write() as tx:
            await tx.execute(insert(enrolments).values(
                account=person[0], openid=person[1], course=course, version=1, state="finished",
                lesson=0, step="done", at_step=0, begun_at=now, acted_at=now, finished_at=now,
            ))  # fmt: skip

    async def issues(self):
        return await jobs.issue_due(self.rt)

    async def certificates(self, person=None):
        wanted = select(certificates).order_by(certificates.c.id)
        if person is not None:
            c = certificates.c
            wanted = wanted.where(c.account == person[0], c.openid == person[1])
        async with self.rt.db.read() as tx:
            return (await tx.execute(wanted)).all()

    async def settled(self, person, name="刘阿珍", rule="star-1"):
        """Return a certificate of somebody, with a name on it."""
        await self.issues()
        (row,) = [r for r in await self.certificates(person) if r.rule == rule]
        async with self.rt.db.write() as tx:
            await issuing.settle(self.rt, tx, row, name)
        (row,) = [r for r in await self.certificates(person) if r.rule == rule]
        return row
