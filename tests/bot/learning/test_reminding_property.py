"""Whatever parents do, however long the service is away: nobody is reminded who should not be."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendar import quiet
from bot.learning import acts
from bot.school.states import Due, Standing
from tests.support.reminded import Class, Do

#: What happens, and how many hours go by before it while the service runs.
HAPPENS = ("nothing", "reads", "done", "rest", "stop", "resume", "off", "withdraw", "finished")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(HAPPENS),
        st.sampled_from((1, 5, 20, 26, 80)),
        st.booleans(),  # the service was away meanwhile
    ),
    min_size=2,
    max_size=4,
)
#: Pushes between two acts of a parent, at most: a practice, its question, three nudges, one more.
MOST = {Due.PRACTICE: 1, Due.CHECK: 1, Due.LESSON: 3, Due.ASK: 1, Due.RESUME: 1}


class Life:
    """One parent's days; notes what was pushed since the last act."""

    def __init__(self, school, openid):
        self.school, self.openid = school, openid
        self.since: list[str] = []
        self.is_off, self.seen = False, 0

    async def day(self, happens, hours, *, is_away):
        looks = 1 if is_away else min(3, hours)
        for _ in range(looks - 1):
            self.school.pass_time(hours=hours / looks)
            await self.look()
        self.school.pass_time(hours=hours / looks)
        await self.look()
        await self.happens(happens)

    async def look(self):
        """Let the worker work; then nothing that is due is left lying, in open hours."""
        await self.work()
        row, now = await self.school.row(self.openid), self.school.clock.now()
        if quiet.is_quiet_hour(self.school.rt.settings, now):
            return
        if row.due_at is not None and row.due_at <= now:
            await self.work()  # a practice of a past evening has become its question
            row = await self.school.row(self.openid)
        assert row.due_at is None or row.due_at > now, row

    async def work(self):
        """Let the worker work once, and judge what was pushed."""
        school, row = self.school, await self.school.row(self.openid)
        await school.work()
        new = school.shown(self.openid)[self.seen :]
        self.seen += len(new)
        if not new:
            return
        assert not self.is_off, new
        assert not quiet.is_quiet_hour(school.rt.settings, school.clock.now()), new
        is_over = row.state == Standing.RESTING and row.due == Due.RESUME
        assert row.state == Standing.ACTIVE or is_over, new
        sent = await school.rows(
            "SELECT r.due FROM reminder_run r JOIN reminder_person p ON p.run = r.id"
            " WHERE p.openid = :o ORDER BY r.id DESC LIMIT :n", o=self.openid, n=len(new),
        )  # fmt: skip
        self.since += [one["due"] for one in sent]
        for due, most in MOST.items():
            assert self.since.count(due) <= most, self.since

    async def happens(self, what):
        row = await self.school.row(self.openid)
        if what in {"off", "withdraw"}:
            await (self.school.unsubscribe if what == "off" else self.school.withdraw)(self.openid)
            self.is_off = True
        elif what != "nothing" and row.state != Standing.FINISHED:
            await self.acts(what, row)
        after = await self.school.row(self.openid)
        if after.acted_at != row.acted_at:
            self.since = []

    async def acts(self, what, row):
        school, now = self.school, self.school.clock.now()
        if what == "finished":
            await school.due(self.openid, "", None, state=Standing.FINISHED, acted_at=now)
        elif what in {"reads", "done"}:
            await school.write(acts.resumed(row, now))
            if what == "reads" and row.step == "card":
                await school.plan_practice(self.openid)
            elif what == "done" and row.step != "card":
                await school.do(self.openid, Do.DONE)
        else:
            act = {"rest": acts.rested, "stop": acts.stopped, "resume": acts.resumed}[what]
            await school.write(act(row, now))


def test_whatever_happens_nobody_is_reminded_who_should_not_be(sqlite_settings):
    loop = asyncio.new_event_loop()
    opening = Class.open(sqlite_settings.model_copy(update={"weekly_pushes": 0}))
    school = loop.run_until_complete(opening.__aenter__())

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(clock=st.sampled_from((480, 755, 1200, 1259)), steps=STEPS)
    def play(clock, steps):
        loop.run_until_complete(lived(school, clock, steps))

    try:
        play()
    finally:
        loop.run_until_complete(opening.__aexit__(None, None, None))
        loop.close()


async def lived(school, clock, steps):
    await school.office.change("DELETE FROM enrolment")
    (openid,) = await school.parents(1, clock=clock)
    await school.plan_practice(openid)
    life = Life(school, openid)
    for happens, hours, is_away in steps:
        await life.day(happens, hours, is_away=is_away)
