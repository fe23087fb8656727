"""The figures somebody sees: theirs alone, nothing small, nothing to be worked out."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.analytics import jobs, queries
from bot.analytics.board import ASKED, VOTED
from bot.analytics.reading import View
from bot.clock import day
from bot.dialogue.tables import latency
from bot.errors import NotFound
from bot.org import tree
from bot.people.actor import Actor, Grant
from tests.support.figures import asker, crisis, fill, many, noon

CITY = Actor(1, "city", "市", (Grant("operator", ""),))
TIANHE = Actor(2, "tianhe", "天河", (Grant("operator", "gz/tianhe"),))
SCHOOL = Actor(3, "school", "校", (Grant("operator", "gz/tianhe/shifan/shifan-1"),))
NOBODY = Actor(4, "agent", "无", (Grant("agent", ""),))


@pytest.fixture
async def hall(each_desk):
    """A desk with the districts."""
    async with each_desk.rt.db.write() as tx:
        await tree.seed(tx, each_desk.clock.now())
    return each_desk


def view(desk, days=7, **narrowed):
    today = day(desk.clock.now())
    return View(today - timedelta(days=days - 1), today, **narrowed)


async def seen(desk, actor=CITY, wanted=None, **narrowed):
    today = day(desk.clock.now())
    async with desk.rt.db.read() as tx:
        return await queries.figures(tx, actor, wanted or view(desk, **narrowed), today)


def counts(line, *kinds):
    return [line.counts[kind] for kind in kinds]


@pytest.mark.parametrize("counted", [False, True], ids=["live", "counted"])
async def test_ten_questions_of_ten_parents_are_shown_and_nine_are_not(hall, counted):
    now = hall.clock.now()
    at = noon(now, 1)
    await fill(hall.rt, *many(12, at), *many(9, at, topic="media.game"), *many(3, at, topic=""))
    if counted:
        await jobs.count_days(hall.rt)
    found = await seen(hall)
    assert counts(found.total, ASKED, "answer", "decline") == [24, 24, 0]
    assert [(t.name, t.counts[ASKED]) for t in found.topics] == [("study.reading", 12)]


async def test_many_questions_of_nine_parents_are_not_shown(hall):
    await fill(hall.rt, *many(90, noon(hall.clock.now(), 1), of=9))
    assert (await seen(hall)).total.counts[ASKED] is None


async def test_the_same_nine_parents_on_many_days_are_not_shown(hall):
    now = hall.clock.now()
    for ago in range(2, 6):
        await fill(hall.rt, *many(9, noon(now, ago)))
    await jobs.count_days(hall.rt)
    assert (await seen(hall)).total.counts[ASKED] is None


async def test_a_small_band_is_hidden_with_one_more(hall):
    at = noon(hall.clock.now(), 1)
    await fill(
        hall.rt,
        *many(50, at),
        *many(20, at, band="candidates"),
        *many(4, at, band="decline"),
    )
    found = await seen(hall)
    assert counts(found.total, ASKED, "answer", "candidates", "decline") == [74, 50, None, None]


async def test_the_period_before_is_counted_beside(hall):
    now = hall.clock.now()
    await fill(hall.rt, *many(20, noon(now, 2)), *many(40, noon(now, 9)), *many(1, noon(now, 20)))
    await jobs.count_days(hall.rt)
    found = await seen(hall)
    assert (found.total.counts[ASKED], found.before.counts[ASKED]) == (20, 40)
    assert found.has_before


async def test_without_a_whole_period_before_nothing_rises(hall):
    now = hall.clock.now()
    await fill(hall.rt, *many(60, noon(now, 2)))
    await jobs.count_days(hall.rt)
    found = await seen(hall)
    assert (found.has_before, list(found.rising)) == (False, [])


async def test_from_one_to_three_is_no_trend_and_from_thirty_to_ninety_is(hall):
    now = hall.clock.now()
    await fill(
        hall.rt,
        *many(1, noon(now, 20)),
        *many(30, noon(now, 9), topic="emo.exam"),
        *many(90, noon(now, 2), topic="emo.exam"),
        *many(20, noon(now, 9), topic=""),
        *many(20, noon(now, 2), topic=""),
        *many(1, noon(now, 9), topic="media.game"),
        *many(3, noon(now, 2), topic="media.game"),
    )
    await jobs.count_days(hall.rt)
    (rise,) = (await seen(hall)).rising
    assert (rise.topic, rise.now, rise.before, rise.ratio) == ("emo.exam", 90, 30, 110 / 50)


async def test_a_district_sees_its_own_questions_and_no_others(hall):
    at = noon(hall.clock.now(), 1)
    await fill(
        hall.rt,
        *many(30, at, area="gz/tianhe"),
        *many(40, at, area="gz/yuexiu"),
        *many(50, at),
        crises=[crisis(at, n, area="gz/yuexiu") for n in range(20)],
    )
    await jobs.count_days(hall.rt)
    found = await seen(hall, TIANHE)
    assert counts(found.total, ASKED, "crisis") == [30, 0]
    assert (list(found.districts), found.waits) == ([], None)
    with pytest.raises(NotFound):
        await seen(hall, TIANHE, district="gz/yuexiu")


async def test_todays_questions_of_others_are_not_seen_either(hall):
    at = hall.clock.now()
    await fill(hall.rt, *many(30, at, area="gz/tianhe"), *many(40, at, area="gz/yuexiu"))
    assert (await seen(hall, TIANHE)).total.counts[ASKED] == 30
    assert (await seen(hall)).total.counts[ASKED] == 70


@pytest.mark.parametrize("actor", [SCHOOL, NOBODY], ids=["school", "agent"])
async def test_a_school_and_who_may_not_see_nothing(hall, actor):
    at = noon(hall.clock.now(), 1)
    await fill(hall.rt, *many(30, at, area="gz/tianhe"), *many(30, hall.clock.now()))
    await jobs.count_days(hall.rt)
    found = await seen(hall, actor)
    assert set(found.total.counts.values()) == {0}


async def test_who_has_one_subject_sees_its_topics_alone(hall):
    at = noon(hall.clock.now(), 1)
    study = Actor(5, "study", "学", (Grant("operator", "", "study"),))
    await fill(
        hall.rt,
        *many(30, at),
        *many(40, at, topic="media.game"),
        crises=[crisis(at, n) for n in range(20)],
    )
    for _ in range(2):
        found = await seen(hall, study)
        assert counts(found.total, ASKED, "crisis") == [30, 0]
        await jobs.count_days(hall.rt)


async def test_figures_of_a_part_are_multiples_of_five(hall):
    at = noon(hall.clock.now(), 1)
    await fill(hall.rt, *many(33, at, area="gz/tianhe"), *many(41, at, stage="p_low"))
    await jobs.count_days(hall.rt)
    part = await seen(hall, district="gz/tianhe")
    band = await seen(hall, stage="p_low")
    whole = await seen(hall)
    assert [f.total.counts[ASKED] for f in (part, band, whole)] == [35, 40, 74]
    assert [f.is_part for f in (part, band, whole)] == [True, True, False]


async def test_districts_stand_in_the_order_of_the_tree_with_rates(hall):
    at = noon(hall.clock.now(), 1)
    for n, area in enumerate(("gz/zengcheng", "gz/tianhe", "gz/yuexiu"), 1):
        await fill(hall.rt, *many(100 // n, at, area=area))
    await fill(hall.rt, *many(20, at, area="gz/tianhe", band="decline"), *many(50, at))
    await jobs.count_days(hall.rt)
    found = await seen(hall)
    assert [line.name for line in found.districts][:4] == [
        "gz/yuexiu",
        "gz/haizhu",
        "gz/liwan",
        "gz/tianhe",
    ]
    tianhe = found.districts[3]
    assert (tianhe.counts[ASKED], tianhe.share("decline")) == (70, 20 / 70)


async def test_one_small_district_is_not_found_by_subtraction(hall):
    at = noon(hall.clock.now(), 1)
    await fill(hall.rt, *many(60, at, area="gz/tianhe"), *many(30, at, area="gz/yuexiu"))
    await fill(hall.rt, *many(4, at, area="gz/conghua"))
    await jobs.count_days(hall.rt)
    shown = {line.name: line.counts[ASKED] for line in (await seen(hall)).districts}
    assert (shown["gz/tianhe"], shown["gz/yuexiu"], shown["gz/conghua"]) == (60, None, None)


async def test_small_days_become_weeks(hall):
    now = hall.clock.now()
    for ago in range(1, 15):
        await fill(
            hall.rt,
            *[q | {"asker": asker(4 * ago + n)} for n, q in enumerate(many(4, noon(now, ago)))],
        )
    await jobs.count_days(hall.rt)
    found = await seen(hall, days=14)
    assert (found.grain, len(found.days)) == (7, 2)
    assert [line.counts[ASKED] for line in found.days] == [28, 24]


async def test_votes_are_a_table_of_their_own(hall):
    at = noon(hall.clock.now(), 1)
    await fill(hall.rt, *many(30, at, feedback=1), *many(12, at, feedback=-1))
    total = (await seen(hall)).total
    assert counts(total, "helpful", "unhelpful", VOTED) == [30, 12, 42]
    assert total.share("helpful", VOTED) == 30 / 42


async def test_yesterday_is_read_live_and_older_days_are_missed_aloud(hall):
    now = hall.clock.now()
    await fill(hall.rt, *many(1, noon(now, 6)))
    await jobs.count_days(hall.rt)
    hall.clock.turn(days=3)
    await fill(hall.rt, *many(20, noon(hall.clock.now(), 1)), *many(20, noon(hall.clock.now(), 2)))
    found = await seen(hall)
    assert (found.total.counts[ASKED], found.missing) == (20, 2)


async def test_waits_are_shown_for_the_whole_city_alone(hall):
    today = day(hall.clock.now())
    async with hall.rt.db.write() as tx:
        rows = [(10, 50), (20, 45), (500, 4), (0, 1)]
        await tx.execute(
            insert(latency), [{"day": today, "within_ms": b, "count": c} for b, c in rows]
        )
    waits = (await seen(hall)).waits
    assert (waits.median_ms, waits.p95_ms, waits.p99_ms) == (10, 20, 500)
    assert (await seen(hall, TIANHE)).waits is None
    assert (await seen(hall, stage="p_low")).waits is None
