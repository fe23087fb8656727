"""The learning record: one line a thing, a subject's time once, who can see it beside each line."""

from datetime import timedelta

import pytest

from bot.learning import page_words, record_pages
from bot.school import record
from bot.school.record import Kind, Learned
from tests.support import world
from tests.support.schoolhouse import Schoolhouse


@pytest.fixture
async def each_school(settings):
    async with Schoolhouse.open(settings) as opened:
        yield opened


async def learn(school, phone, *things):
    """Note (kind, about, subject, minutes), a day apart."""
    person, now = (world.ACCOUNT, phone.openid), school.rt.clock.now()
    async with school.rt.db.write() as tx:
        for n, (kind, about, subject, minutes) in enumerate(things):
            one = Learned(kind, about, subject, f"第{n}条", minutes, "h5", now + timedelta(days=n))
            await tx.execute(*record.note(person, one, is_sqlite=school.rt.db.is_sqlite))
    async with school.rt.db.read() as tx:
        return (await tx.execute(record.of(person))).all()


async def test_a_subjects_time_counts_once_and_the_lines_add_up(each_school):
    phone = await each_school.phone()
    assert "还没有记录" in (await phone.get("/h/mine/record")).text
    rows = await learn(
        each_school, phone,
        (Kind.LESSON, "lesson:c/01-a", "c/01-a", 3),
        (Kind.PRACTICE, "practice:c/01-a", "c/01-a", 5),
        (Kind.ONSITE, "session:1", "c/01-a", 60),
        (Kind.GATE, "session:2", "c/02-b", 9),
        (Kind.LESSON, "lesson:c/02-b", "c/02-b", 5),
    )  # fmt: skip
    lines = record_pages.lines(rows)
    assert sum(line.counts for line in lines) == record.minutes(rows) == 70
    assert [line.counts for line in lines] == [5, 0, 60, 5, 0]
    page = (await phone.get("/h/mine/record")).text
    for words in ("1.6 学时", "共 70 分钟 · 5 条", "已算过", "暂定", "45 分钟算 1 学时"):
        assert words in page
    assert page.count("谁能看到：") == 5


async def test_every_kind_says_who_can_see_it():
    kinds = page_words.words()["kinds"]
    assert list(kinds) == [kind.value for kind in Kind]
    assert all(one["who"].startswith("只有您") for one in kinds.values())


async def test_nobody_elses_record_is_shown(each_school):
    phone, other = await each_school.phone(), await each_school.phone(name="aunt")
    await learn(each_school, phone, (Kind.READING, "reading:1", "reading:1", 10))
    assert "还没有记录" in (await other.get("/h/mine/record")).text
    assert (await each_school.house.get("/h/mine/record")).status == 303


async def test_a_long_record_is_paged_and_its_sum_is_of_all(each_school):
    phone = await each_school.phone()
    await learn(each_school, phone, *((Kind.READING, f"r:{n}", f"r:{n}", 10) for n in range(31)))
    first = (await phone.get("/h/mine/record")).text
    assert (first.count("谁能看到："), "310 分钟" in first) == (30, True)
    second = (await phone.get("/h/mine/record?page=2")).text
    assert (second.count("谁能看到："), "310 分钟" in second) == (1, True)
    assert (await phone.get("/h/mine/record?page=x")).status == 200
