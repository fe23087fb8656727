"""Who asked to be told is told once: never twice, never after leaving, never outside the window."""

from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, text, update

from bot import app
from bot.clock import HandClock, SystemClock
from bot.curation import jobs, telling, waiting
from bot.delivery import fence
from bot.library import find
from bot.library.tables import wishes
from tests.support import world
from tests.support.asking import NAILS

ENTRY = "study.procrastinate.slow-homework"
SEND = "/cgi-bin/message/custom/send"


class Place:
    """A running service whose clocks are turned together, and the worker's runtime beside it."""

    def __init__(self, city, clock):
        self.city, self.clock = city, clock

    def wait(self, **by):
        self.clock.turn(**by)
        self.city.platform.clock.freeze(self.clock.timestamp())

    @asynccontextmanager
    async def worker(self):
        async with app.opened(self.city.settings, clock=self.clock) as rt, app.reachable(rt):
            yield rt

    async def solve(self, entry=ENTRY):
        """Collect what was asked, and say that an entry answers all of it."""
        async with self.worker() as rt:
            await jobs.collect(rt)
            async with rt.db.write() as tx:
                statement = text("UPDATE gap SET state = 'solved', entry = :e")
                await tx.execute(statement, {"e": entry})

    async def tell(self):
        async with self.worker() as rt:
            return await telling.tell(rt)

    async def states(self):
        rows = await self.city.rows("SELECT state FROM answer_wish ORDER BY id")
        return [r["state"] for r in rows]


@pytest.fixture
async def place(settings):
    clock = HandClock(SystemClock().now())
    async with world.City.open(settings, clock=clock) as city:
        city.platform.clock.freeze(clock.timestamp())
        yield Place(city, clock)


@pytest.fixture
async def mother(place):
    """A parent who asked what has no answer, and wants to be told."""
    parent = place.city.parent("mother")
    await parent.follows()
    await parent.says(NAILS[0])
    assert await parent.says("2")
    return parent


def told(parent):
    return [words for words in parent.chat if "现在有回答了" in words]


async def test_a_parent_is_told_once_with_the_answer_and_its_id(place, mother):
    await place.solve()
    assert await place.tell() == 1
    assert await place.tell() == 0
    (words,) = told(mother)
    assert f"您今天问的「{NAILS[0]}」" in words
    async with place.worker() as rt:
        async with rt.db.read() as tx:
            await tx.run_sync(lambda connection: find.refresh(rt, connection))
        assert find.now(rt).entries[ENTRY].answer[:20] in words
    (kept,) = await place.city.rows("SELECT * FROM decision WHERE rule = 'told'")
    assert (kept["entry"], kept["text"]) == (ENTRY, NAILS[0])
    assert kept["code"] in words
    assert await place.states() == ["sent"]


async def test_the_days_since_the_question_are_told(place, mother):
    place.wait(hours=47)
    await place.solve()
    await place.tell()
    assert "天前问的" in told(mother)[0]


async def test_nobody_is_told_before_there_is_an_answer(place, mother):
    async with place.worker() as rt:
        await jobs.collect(rt)
    assert await place.tell() == 0
    await place.solve(entry="nobody.published.this")
    assert await place.tell() == 0
    assert await place.states() == ["waiting"]


async def test_two_wishes_of_one_parent_for_one_answer_are_one_message(place, mother):
    await mother.says(NAILS[1])
    await mother.says("2")
    await place.solve()
    assert await place.tell() == 1
    assert len(told(mother)) == 1
    assert await place.states() == ["sent", "sent"]


async def test_who_wished_nothing_is_told_nothing(place, mother):
    father = place.city.parent("father")
    await father.follows()
    await father.says(NAILS[0])
    await place.solve()
    await place.tell()
    assert (len(told(mother)), told(father)) == (1, [])


async def test_outside_the_window_it_waits_for_the_parent_to_write_again(place, mother):
    place.wait(hours=49)
    await place.solve()
    assert await place.tell() == 0
    assert await place.states() == ["held"]
    assert await place.tell() == 0
    place.wait(days=3)
    await mother.says("你好")
    assert await place.tell() == 1
    assert len(told(mother)) == 1
    place.wait(minutes=1)
    await mother.says("谢谢")
    assert await place.tell() == 0


async def test_who_leaves_or_is_erased_is_told_nothing(place, mother):
    await mother.leaves()
    await place.solve()
    assert await place.tell() == 0
    assert await place.states() == []
    assert told(mother) == []


async def test_a_follower_who_left_unseen_is_told_nothing(place, mother):
    async with place.city.db.write() as tx:
        await tx.execute(text("UPDATE follower SET follows = false"))
    await place.solve()
    assert await place.tell() == 0
    assert await place.states() == ["withdrawn"]


async def test_in_the_quiet_after_a_crisis_nobody_is_told(place, mother):
    await place.solve()
    await mother.says("孩子说不想活了")
    await mother.says("2")
    assert await place.tell() == 0
    assert await place.states() == ["waiting"]
    place.wait(days=13, hours=23)
    assert await place.tell() == 0
    place.wait(hours=2)
    await mother.says("你好")
    assert await place.tell() == 1


async def test_no_reminders_takes_the_wish_back(place, mother):
    place.wait(minutes=1)
    await mother.says("退订")
    await mother.says("全部")
    await place.solve()
    assert await place.tell() == 0
    assert await place.states() == ["withdrawn"]


async def test_a_wish_after_no_reminders_counts(place, mother):
    await mother.says("退订")
    await mother.says("3")
    place.wait(minutes=1)
    await mother.says(NAILS[1])
    await mother.says("2")
    await place.solve()
    assert await place.tell() == 1


async def test_killed_between_claim_and_record_it_is_never_sent_again(place, mother):
    await place.solve()
    async with place.worker() as rt:
        async with rt.db.read() as tx:
            (due,) = await waiting.fresh(tx, rt.clock.now())
        async with rt.db.write() as tx:
            await tx.execute(update(wishes).values(state="sending", told_at=rt.clock.now()))
        assert await telling._tell(rt, due) is False
    place.wait(minutes=9)
    await place.tell()
    assert await place.states() == ["sending"]
    place.wait(minutes=2)
    await place.tell()
    assert await place.states() == ["unknown"]
    assert told(mother) == []


async def test_behind_the_fence_of_a_restored_database_nobody_is_told(place, mother):
    await place.solve()
    async with place.city.db.write() as tx:
        await fence.raise_(tx, place.clock.now(), "restored")
    assert await place.tell() == 0
    assert await place.states() == ["waiting"]
    async with place.city.db.write() as tx:
        await fence.lift(tx)
    assert await place.tell() == 1


async def test_two_workers_tell_one_parent_once(place, mother):
    await place.solve()
    async with place.worker() as one, place.worker() as two:
        async with one.db.read() as tx:
            (due,) = await waiting.fresh(tx, one.clock.now())
        assert [await telling._tell(one, due), await telling._tell(two, due)] == [True, False]
    assert len(told(mother)) == 1


async def test_an_entry_of_one_place_is_no_answer_for_another(place, mother):
    await place.solve()
    async with place.city.db.write() as tx:
        content = await tx.scalar(
            text("SELECT content FROM published_entry WHERE entry = :e"), {"e": ENTRY}
        )
        local = content.replace('"answer":', '"area": "gz/tianhe", "answer":', 1)
        statement = text("UPDATE published_entry SET content = :c WHERE entry = :e")
        await tx.execute(statement, {"c": local, "e": ENTRY})
    assert await place.tell() == 0
    async with place.city.db.write() as tx:
        await tx.execute(text("UPDATE gap_question SET area = 'gz/tianhe/shifan'"))
    assert await place.tell() == 1


async def test_a_refusal_is_kept_and_a_used_up_window_waits(place, mother):
    await place.solve()
    place.city.platform.config = place.city.platform.config.changed({"user_messages": 1})
    place.city.platform.phones[mother.openid].window.remaining = 0
    assert await place.tell() == 0
    assert await place.states() == ["held"]
    assert told(mother) == []


async def test_no_openid_and_no_words_are_logged(place, mother, logged):
    await place.solve()
    await place.tell()
    lines = logged()
    assert "wish_told" in lines
    assert mother.openid not in lines
    assert NAILS[0] not in lines


async def test_a_wish_is_kept_under_the_pseudonym_with_what_is_needed_to_send(place, mother):
    async with place.city.db.read() as tx:
        (row,) = (await tx.execute(select(wishes))).all()
    assert (row.openid, row.state) == (mother.openid, "waiting")
