"""A course, parents who take it at their own time; reminders leave without a worker."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot import app
from bot.clock import GUANGZHOU
from bot.dialogue import batch, talks
from bot.learning import acts, remind_told, reminding
from bot.people import consents
from bot.people.reach import reach
from bot.school import steps
from bot.school.learner_tables import enrolments
from bot.school.steps import Act, Do
from bot.wechat.messages import Text
from tests.support import school, sending, world

EVENING = 20 * 60


class Class:
    """Parents with one enrolment each. `office` sends; its clock begins at 08:30 on a Monday."""

    def __init__(self, office):
        self.office, self.rt, self.clock = office, office.rt, office.clock
        self.course = school.course()
        self.numbers = iter(range(1, 10_000))
        #: Parents write so often that the window for customer messages never closes.
        self.is_reachable = True

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, **sandbox):
        async with sending.opened(settings, **sandbox) as office:
            await school.publish(office.rt)
            yield cls(office)

    async def parents(self, count, *, clock=EVENING, **more):
        """Add parents who follow, agreed to lessons and have begun the course."""
        openids = await self.office.people(count, **({"consent": "lessons"} | more))
        now = self.clock.now()
        await self.write(
            *(
                acts.enrol((world.ACCOUNT, openid), self.course.id, 1, now, clock=clock,
                           is_sqlite=self.rt.db.is_sqlite)
                for openid in openids
            )
        )  # fmt: skip
        return openids

    async def write(self, *writes):
        async with self.rt.db.write() as tx:
            for statement, row in writes:
                await tx.execute(statement, row)

    async def row(self, openid):
        async with self.rt.db.read() as tx:
            return (await tx.execute(acts.own((world.ACCOUNT, openid)))).first()

    async def do(self, openid, do, number=0):
        """Let a parent act, wherever: in the chat or on a page."""
        row = await self.row(openid)
        outcome = steps.after(self.course, acts.place(row), Act(do, number))
        await self.write(
            *acts.applied(row, self.course, outcome, self.clock.now(), way=acts.CHAT,
                          is_sqlite=self.rt.db.is_sqlite)
        )  # fmt: skip
        return outcome

    async def plan_practice(self, *openids):
        """Let parents read the cards and choose their time for the practice."""
        for openid in openids:
            for _ in self.course.lessons[0].cards:
                await self.do(openid, Do.NEXT)
            await self.do(openid, Do.TIME)

    async def due(self, openid, due, at, **more):
        """Let something be due, as if the days before had gone by."""
        row = await self.row(openid)
        values = {"due": due, "due_at": at} | more
        async with self.rt.db.write() as tx:
            await tx.execute(enrolments.update().where(enrolments.c.id == row.id).values(values))

    def at(self, text):
        """Turn all clocks to a moment in Guangzhou, never back."""
        moment = datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)
        by = moment - self.clock.now()
        assert by >= timedelta(0), text
        self.clock.turn(seconds=by.total_seconds())
        self.office.platform.clock.freeze(self.clock.now().timestamp())

    def pass_time(self, **by):
        self.clock.turn(**by)
        self.office.platform.clock.freeze(self.clock.now().timestamp())

    async def open_windows(self):
        now = self.clock.now()
        for phone in self.office.platform.phones.values():
            phone.window.open(50, 172_800, now.timestamp())
        until = {"window_until": now + timedelta(days=2), "window_left": 50}
        async with self.rt.db.write() as tx:
            await tx.execute(reach.update().values(until))

    async def work(self):
        """Do what the worker does: order, freeze, send, tell the conversations."""
        if self.is_reachable:
            await self.open_windows()
        count = await reminding.remind(self.rt)
        await self.leave()
        return count

    async def leave(self):
        for row in await self.rows("SELECT id FROM broadcast WHERE stage = 'freezing'"):
            await self.office.start(row["id"])
        await self.office.look()
        for row in await self.rows("SELECT id FROM broadcast WHERE stage = 'running'"):
            await self.office.send(row["id"])
        await remind_told.tell(self.rt)

    async def says(self, openid, words):
        """Answer one message of a parent; returns the text of the reply."""
        message = Text(
            world.ACCOUNT, openid, int(self.clock.timestamp()), f"m{next(self.numbers)}", words
        )
        job = batch.Received(message)
        answers = await self.rt.db.transact(
            lambda tx: batch.run(self.rt, app.engine(), tx, [(job, False)], careful=False)
        )
        reply = answers[job.key]
        return reply.text if reply else ""

    async def talk(self, openid):
        """Return the stored conversation."""
        kept = []
        async with self.rt.db.write() as tx:
            await talks.change(tx, (world.ACCOUNT, openid), self.clock.now(), kept.append)
        return kept[0]

    async def withdraw(self, openid):
        """Take back the consent to lessons."""
        writes = []
        consents.note(
            lambda *one: writes.append(one), (world.ACCOUNT, openid), consents.Kind.LESSONS,
            self.clock.now(), given=False, version="1",
        )  # fmt: skip
        await self.write(*writes)

    async def unsubscribe(self, openid):
        await self.office.change(
            "UPDATE follower SET reminders_off_at = :t WHERE openid = :o",
            t=self.clock.now() if not self.rt.db.is_sqlite else
            self.clock.now().replace(tzinfo=None).isoformat(" "), o=openid,
        )  # fmt: skip

    def shown(self, openid):
        """Return what was pushed to a phone: when, and its words."""
        phone = next(p for p in self.office.platform.phones.values() if p.openid == openid)
        return [one.bubble.get("content", "") for one in phone.log if one.side == "account"]

    async def rows(self, sql, **values):
        return await self.office.rows(sql, **values)

    async def states(self):
        rows = await self.rows("SELECT state, count(*) AS n FROM delivery GROUP BY state")
        return {row["state"]: row["n"] for row in rows}
