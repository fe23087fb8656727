"""The rising topics of a week: which are shown, where, with which answer and whose."""

from datetime import timedelta

from bot.pinned import week
from tests.bot.pinned.conftest import PANYU, RUMOUR, TIANHE

KNOWN = ("孩子写作业总是拖拉怎么办", "写作业拖拉怎么办", "孩子作业拖拉到很晚")


async def topics(room):
    return await room.office.rows("SELECT * FROM hot_topic ORDER BY area, place")


async def test_what_rises_is_counted_by_district_the_largest_rise_first(room):
    await room.asked(60)
    await room.asked(30, words=KNOWN)
    await room.asked(25, area=TIANHE, words=KNOWN)
    await room.asked(20, words=KNOWN, ago=timedelta(days=8))
    assert await week.count_hot(room.rt) == 3
    assert await week.count_hot(room.rt) == 3
    found = [(r["area"], r["place"], r["count"], r["before"]) for r in await topics(room)]
    assert found == [(PANYU, 1, 60, 0), (PANYU, 2, 30, 20), (TIANHE, 1, 25, 0)]


async def test_what_is_asked_as_ever_and_what_few_ask_is_left_out(room):
    await room.asked(30, words=KNOWN)
    await room.asked(25, words=KNOWN, ago=timedelta(days=8))
    await room.asked(40, words=RUMOUR, people=9)
    assert await week.count_hot(room.rt) == 0


async def test_a_published_entry_is_suggested_where_there_is_one(room):
    await room.asked(30, words=KNOWN)
    await room.asked(30, words=RUMOUR)
    await week.count_hot(room.rt)
    entries = {r["entry"] for r in await topics(room)}
    assert entries == {None, "study.procrastinate.slow-homework"}


async def test_the_page_names_the_answer_its_owner_and_only_ones_own_district(room):
    await room.asked(30, words=KNOWN)
    await room.asked(30, words=RUMOUR)
    await room.asked(30, area=TIANHE, words=RUMOUR)
    await week.count_hot(room.rt)
    await room.pinned()
    browser = await room.office.staff("district", ("editor", PANYU, ""))
    page = (await browser.get("/hot")).text
    assert "番禺区" in page
    assert "天河区" not in page
    assert "值班编辑" in page
    other = await room.office.staff("other", ("editor", "gz/yuexiu", ""))
    assert "停课" not in (await other.get("/hot")).text
