"""A worker that dies while it orders reminders loses none and doubles none; two workers share."""

import asyncio
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from bot.learning import remind_rules, reminding
from bot.school.learner_tables import enrolments
from bot.school.states import Due, Standing, Step
from tests.support import sending, world
from tests.support.reminded import Class

MON = "2026-11-30"


class Killed(Exception):
    """The process was killed here."""


@pytest.fixture
async def school(settings):
    async with Class.open(settings) as opened:
        yield opened


@contextmanager
def killed_at(db, nth):
    """Die before the nth statement of a transaction, from 1; counts them; 0: at the commit."""
    engine = db._batches or db.writer.sync_engine
    count = [0]

    def before(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("BEGIN"):
            return
        count[0] += 1
        if count[0] == nth:
            raise Killed

    def commit(connection):
        if nth == 0:
            raise Killed

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", commit)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "commit", commit)


async def test_a_death_at_any_statement_loses_none_and_doubles_none(school):
    evening = await school.parents(3)
    stale, early = await school.parents(2)
    await school.plan_practice(*evening)
    await school.due(stale, Due.PRACTICE, school.clock.now().replace(day=28))
    await school.due(early, Due.LESSON, school.clock.now())
    school.at(f"{MON} 20:00")
    before = await snapshot(school)
    nth, died = 0, True
    while died:
        with killed_at(school.rt.db, nth) as count:
            died = await dies(school)
        if died:
            assert await snapshot(school) == before
            nth += 1
    assert nth == count[0] + 1 > 8
    await school.leave()
    assert [len(school.shown(one)) for one in evening] == [1, 1, 1]
    assert len(school.shown(early)) == 1
    await school.work()  # the evening of Saturday is asked about instead
    assert [len(school.shown(one)) for one in (*evening, early, stale)] == [1, 1, 1, 1, 1]
    assert await school.work() == 0


async def dies(school):
    try:
        await reminding.remind(school.rt)
    except Killed:
        return True
    return False


async def snapshot(school):
    tables = ("enrolment", "reminder_run", "reminder_person", "broadcast")
    return [[dict(r) for r in await school.rows(f"SELECT * FROM {t} ORDER BY 1")] for t in tables]


async def test_an_answer_to_the_commit_that_is_lost_doubles_none(school):
    (anna,) = await school.parents(1)
    await school.due(anna, Due.LESSON, school.clock.now())
    transact = school.rt.db.transact

    async def lost(work):
        await transact(work)
        raise Killed

    school.rt.db.transact = lost
    with pytest.raises(Killed):
        await reminding.remind(school.rt)
    school.rt.db.transact = transact
    await school.work()
    await school.work()
    assert len(school.shown(anna)) == 1


async def many(school, count):
    """Add enrolments that are due, of parents the platform does not know."""
    now = school.clock.now()
    rows = [
        {
            "account": world.ACCOUNT, "openid": f"o{n}", "course": school.course.id, "version": 1,
            "state": Standing.ACTIVE, "lesson": 0, "step": Step.CARD, "at_step": 0, "clock": 500,
            "due_at": now, "due": Due.LESSON, "nudges": 0, "begun_at": now, "acted_at": now,
        }
        for n in range(count)
    ]  # fmt: skip
    async with school.rt.db.write() as tx:
        await tx.execute(insert(enrolments), rows)


@pytest.fixture
async def shared(postgres, tmp_path):
    """The same database, a second worker beside the first."""
    given = world.settings(tmp_path, postgres())
    async with Class.open(given) as one:
        address = one.rt.settings.wechat_api
        second = sending.beside(given, one.office.platform, address, one.clock)
        async with second as other:
            yield one, other.rt


async def test_two_workers_share_and_nobody_is_ordered_for_twice(shared, monkeypatch):
    school, other = shared
    monkeypatch.setattr(reminding, "PAGE", 20)
    await many(school, 310)
    await asyncio.gather(reminding.remind(school.rt), reminding.remind(other))
    await asyncio.gather(reminding.remind(school.rt), reminding.remind(other))
    rows = await school.rows("SELECT openid FROM reminder_person")
    assert len(rows) == len({row["openid"] for row in rows}) == 310
    (left,) = await school.rows("SELECT count(*) AS n FROM enrolment WHERE nudges <> 1")
    assert left["n"] == 0


async def test_a_worker_passes_over_what_another_is_ordering(shared, monkeypatch):
    school, other = shared
    monkeypatch.setattr(reminding, "PAGE", 20)
    await many(school, 30)
    until = remind_rules.horizon(school.rt.settings, school.clock.now(), reminding.AHEAD)
    async with other.db.write() as tx:
        taken = await tx.run_sync(lambda plain: reminding.page(other, plain, until=until))
        assert taken == (20, 20)
        async with asyncio.timeout(5):
            assert await reminding.remind(school.rt) == 10
    rows = await school.rows("SELECT openid FROM reminder_person")
    assert len(rows) == len({row["openid"] for row in rows}) == 30
