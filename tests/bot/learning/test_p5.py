"""P5 as parents meet it: two replicas, a turned clock, a restart in the middle, both databases."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from bot import web
from bot.clock import HandClock
from bot.learning import acts
from bot.people import joining
from bot.people.families import children
from tests.support import school, world

#: A Tuesday, half past ten in the morning in Guangzhou.
MORNING = datetime(2027, 3, 2, 2, 30, tzinfo=UTC)


class Learner:
    """A parent of a third-grader in front of two replicas."""

    def __init__(self, city, clock):
        self.city, self.clock, self.phone = city, clock, city.parent()

    async def begin(self):
        await school.publish(
            SimpleNamespace(db=self.city.db, clock=self.clock), "homework-rhythm", "bedtime-sleep"
        )
        self.wait()
        await self.phone.follows()
        child = {"stage": "primary", "entry_year": 2024, "source": "told", "added_at": MORNING}
        async with self.city.db.write() as tx:
            who = {"account": world.ACCOUNT, "openid": self.phone.openid}
            await tx.execute(insert(children).values(who | child))
            for one in joining.agree(
                tuple(who.values()), MORNING, "test", is_elder=False,
                is_sqlite=self.city.db.is_sqlite,
            ):  # fmt: skip
                await tx.execute(*one)

    def wait(self, **by):
        self.clock.turn(**(by or {"seconds": 2}))
        self.city.platform.clock.freeze(self.clock.timestamp())

    async def says(self, *words):
        for said in words:
            self.wait()
            told = await self.phone.says(said)
            assert self.phone.deliveries[-1].verdict.findings == []
            assert 0 < len(told) < 600, told
        return told

    async def row(self):
        (row,) = await self.city.rows("SELECT * FROM enrolment")
        return SimpleNamespace(**row)

    async def reminded(self):
        """What a reminder leaves behind."""
        async with self.city.db.write() as tx:
            row = (await tx.execute(acts.own((world.ACCOUNT, self.phone.openid)))).one()
            await tx.execute(*acts.reminded(row, self.clock.now()))


@pytest.fixture
async def learner(settings):
    clock = HandClock(MORNING)
    async with world.City.open(settings, clock=clock, services=2) as city:
        found = Learner(city, clock)
        await found.begin()
        yield found


async def test_a_course_from_the_goal_to_the_end(learner):
    told = await learner.says("选课")
    assert "三年级家长" in told
    assert "1 三周后，孩子知道几点开始写" in told
    assert "1 要，20:00 提醒" in await learner.says("1")
    assert "第 1 课：先定开始的时间" in await learner.says("1")
    told = await learner.says("1", "下一步", "继续", "1")
    assert "5/5" in told
    told = await learner.says("9")
    for word in ("今晚一练", "什么时候提醒您", "1 今晚 20:00", "2 明早 8:00", "3 自己定"):
        assert word in told
    assert "好的，今晚 20:00 提醒您" in await learner.says("1")
    row = await learner.row()
    assert (row.step, row.due, row.clock) == ("check", "practice", 1200)
    learner.wait(hours=10)
    await learner.reminded()
    learner.wait(hours=24)
    told = await learner.says("继续")
    for word in ("1 做了", "2 没做成", "3 跳过"):
        assert word in told
    assert "2 到点不动" in await learner.says("2")
    assert "走到身边轻声说" in await learner.says("2")
    (lesson,) = await learner.city.rows("SELECT * FROM enrolment_lesson")
    assert (lesson["practice"], lesson["stuck"]) == ("not_done", 1)
    told = await learner.says("3")
    assert "还差一点。歇一会儿" in told
    assert "小测 1/2" in told
    told = await learner.says("2", "2")
    assert "▓░░░░ 1/5" in told
    await rest_of_it(learner)
    assert (await learner.row()).state == "finished"
    kinds = await learner.city.rows("SELECT kind, minutes FROM learning_evidence")
    assert sorted(row["kind"] for row in kinds) == ["lesson"] * 5 + ["practice"] * 4


async def rest_of_it(learner):
    """Go through what is left, with a restart in the middle of the third lesson."""
    course = school.course()
    for number, lesson in enumerate(course.lessons[1:], 2):
        assert f"第 {number} 课" in await learner.says("1")
        await learner.says(*["1"] * (len(lesson.cards) - 1))
        if number == 3:
            await restarted(learner)
            assert f"{len(lesson.cards)}/{len(lesson.cards)}" in await learner.says("继续")
            told = await learner.says("继续")
        else:
            told = await learner.says("1")
        assert "今晚一练" in told
        told = await learner.says("做了", *(str(one.right) for one in lesson.quiz))
    for word in ("▓▓▓▓▓ 5/5", "恭喜", "我的证书", "1 今晚早睡一刻钟", "2 再学一遍"):
        assert word in told


async def restarted(learner):
    """Ask a question, then let another process, just started, take everything that follows."""
    told = await learner.says("孩子写作业拖拉怎么办")
    assert "刚才的课还在，回「继续」接着学" in told
    service = web.started(learner.city.settings, clock=learner.clock)
    port = await service.__aenter__()
    learner.closing = service
    world.point(learner.city.platform, port)


@pytest.fixture(autouse=True)
async def stopped(learner):
    yield
    if hasattr(learner, "closing"):
        await learner.closing.__aexit__(None, None, None)


async def test_silence_then_the_question_whether_to_go_on(learner):
    await learner.says("选课", "1", "1", "1")
    for nudges in range(1, 4):
        learner.wait(days=4)
        await learner.reminded()
        assert (await learner.row()).nudges == nudges
    assert (await learner.row()).due == "ask"
    await learner.reminded()
    assert (await learner.row()).due_at is None
    for word in ("1 继续", "2 下月再说", "3 不学了"):
        assert word in await learner.says("取消课程")
    assert "这个月不再提醒" in await learner.says("2")
    row = await learner.row()
    assert (row.state, row.due, row.nudges) == ("resting", "resume", 0)
    assert "2/5" in await learner.says("下一课")
    assert (await learner.row()).state == "active"
