"""The calendar's rows on both databases: dates as dates, no two of a kind over one day."""

from dataclasses import replace
from datetime import date

import pytest

from bot.calendar import months, store
from bot.calendar.days import Kind
from bot.calendar.store import Kept
from bot.errors import InvalidInput, NotFound

TERM = Kept(
    Kind.TERM, date(2026, 9, 1), date(2027, 1, 15), "第一学期", "示例通知", date(2026, 8, 1)
)


async def put(desk, *entries):
    async with desk.rt.db.write() as tx:
        return [await store.add(tx, e, desk.clock.now(), None) for e in entries]


async def test_what_is_added_is_read_back_and_at_work(each_desk):
    (number,) = await put(each_desk, TERM)
    async with each_desk.rt.db.read() as tx:
        assert await store.get(tx, number) == replace(TERM, id=number)
        calendar = await store.load(tx)
        assert [k.name for k in await store.listed(tx, date(2027, 1, 1), date(2027, 12, 31))] == [
            "第一学期"
        ]
        assert await store.listed(tx, date(2028, 1, 1), date(2028, 12, 31)) == []
    assert calendar.term_of(date(2026, 11, 30)).name == "第一学期"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"last": date(2026, 8, 31)}, "calendar.backwards"),
        ({"first": date(2028, 1, 1), "last": date(2028, 12, 31)}, "calendar.too_long"),
        ({"first": date(2027, 1, 15), "last": date(2027, 1, 20)}, "calendar.overlaps"),
    ],
)
async def test_what_cannot_be_is_refused(each_desk, changed, reason):
    await put(each_desk, TERM)
    with pytest.raises(InvalidInput, match=reason):
        await put(each_desk, replace(TERM, **changed))


async def test_another_kind_may_lie_over_it(each_desk):
    off = replace(TERM, kind=Kind.WORKDAY_OFF, first=date(2026, 9, 21), last=date(2026, 9, 22))
    assert len(await put(each_desk, TERM, off)) == 2


async def test_who_was_slower_is_told(each_desk):
    desk = each_desk
    (number,) = await put(desk, TERM)
    mine = replace(TERM, id=number, name="改了")
    async with desk.rt.db.write() as tx:
        await store.change(tx, mine, desk.clock.now(), 1)
    with pytest.raises(InvalidInput, match="changed_meanwhile"):
        async with desk.rt.db.write() as tx:
            await store.change(tx, mine, desk.clock.now(), 2)
    async with desk.rt.db.write() as tx:
        await store.remove(tx, number)
        with pytest.raises(NotFound):
            await store.get(tx, number)


async def test_the_seed_invents_nothing_and_is_sown_once(each_desk):
    async with each_desk.rt.db.write() as tx:
        first = await store.seed(tx, each_desk.clock.now())
        assert await store.seed(tx, each_desk.clock.now()) in (0, first)
        rows = await store.listed(tx, date.min, date.max)
    assert len(rows) == first
    assert all(row.source and row.reviewed_on <= each_desk.clock.now().date() for row in rows)


async def test_a_year_is_told_month_by_month(each_desk):
    await put(each_desk, TERM)
    async with each_desk.rt.db.read() as tx:
        calendar = await store.load(tx)
    year = months.of_year(calendar, 2026)
    assert [m.first.month for m in year] == list(range(1, 13))
    october = year[9]
    assert (october.is_known, october.terms) == (True, ("第一学期",))
    feast = october.runs[0]
    assert (feast.name, feast.first.day, feast.last.day) == ("国庆节", 1, 7)
    assert not any(m.is_known for m in months.of_year(calendar, 2027))
    assert len(months.of_year(calendar, 9999)) == 12
