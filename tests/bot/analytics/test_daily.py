"""Days become facts once, again when their votes are in, and stay when the records go."""

from datetime import timedelta

from bot.analytics import cells, daily, jobs
from bot.analytics.cells import Cell
from bot.answers import jobs as answer_jobs
from tests.support.figures import asker, crisis, fill, many, noon, question


async def facts(desk, area="*", stage="*", topic="*"):
    rows = await desk.rows(
        "SELECT kind, sum(count) AS n FROM daily_fact WHERE area = :a AND stage = :s "
        "AND topic = :t GROUP BY kind",
        a=area,
        s=stage,
        t=topic,
    )
    return {r["kind"]: r["n"] for r in rows}


async def test_a_day_is_counted_by_district_band_topic_and_kind(each_desk):
    at = noon(each_desk.clock.now(), 1)
    given = {"area": "gz/tianhe", "stage": "p_low", "topic": "media.game"}
    await fill(each_desk.rt, question(at, **given), question(at, 2, band="decline", topic=""))
    await jobs.count_days(each_desk.rt)
    assert await facts(each_desk) == {"answer": 1, "decline": 1}
    assert await facts(each_desk, "gz/tianhe", "p_low", "media.game") == {"answer": 1}
    assert await facts(each_desk, "", "", "") == {"decline": 1}
    assert await facts(each_desk, "*", "p_low") == {"answer": 1}


async def test_votes_choices_and_crises_are_kinds_of_their_own(each_desk):
    at = noon(each_desk.clock.now(), 1)
    rated = [question(at, 1, feedback=1), question(at, 2, feedback=-1)]
    alarms = [crisis(at), crisis(at, choice="1"), crisis(at, kind="person")]
    await fill(each_desk.rt, *rated, question(at, 3, rule="choice"), crises=alarms)
    await jobs.count_days(each_desk.rt)
    assert await facts(each_desk) == {
        "answer": 2,
        "helpful": 1,
        "unhelpful": 1,
        "choice": 1,
        "crisis": 1,
    }


async def test_no_fact_holds_who_asked(each_desk):
    await fill(each_desk.rt, *many(30, noon(each_desk.clock.now(), 1), of=3))
    await jobs.count_days(each_desk.rt)
    rows = await each_desk.rows("SELECT * FROM daily_fact")
    assert {(r["count"], r["askers"]) for r in rows} == {(30, 3)}
    assert not any(asker(1) in str(value) for row in rows for value in row.values())


async def test_a_day_is_counted_once_and_a_missed_one_later(each_desk):
    now = each_desk.clock.now()
    await fill(each_desk.rt, question(noon(now, 3)), question(noon(now, 1)), question(now))
    assert await jobs.count_days(each_desk.rt) == 3
    assert await jobs.count_days(each_desk.rt) == 0
    assert await facts(each_desk) == {"answer": 2}


async def test_today_is_not_over_and_waits(each_desk):
    await fill(each_desk.rt, question(each_desk.clock.now()))
    assert await jobs.count_days(each_desk.rt) == 0


async def test_a_day_is_counted_again_when_its_votes_are_in(each_desk):
    desk = each_desk
    await fill(desk.rt, question(noon(desk.clock.now(), 1)))
    await jobs.count_days(desk.rt)
    async with desk.rt.db.write() as tx:
        await tx.exec_driver_sql("UPDATE decision SET feedback = 1")
    desk.clock.turn(days=1)
    await jobs.count_days(desk.rt)
    assert await facts(desk) == {"answer": 1}
    desk.clock.turn(days=1)
    await jobs.count_days(desk.rt)
    assert await facts(desk) == {"answer": 1, "helpful": 1}


async def test_facts_stay_when_the_records_are_deleted(each_desk):
    desk = each_desk
    await fill(desk.rt, *many(3, noon(desk.clock.now(), 1)))
    await jobs.count_days(desk.rt)
    desk.clock.turn(days=91)
    await jobs.count_days(desk.rt)
    assert await answer_jobs.forget_old(desk.rt) == 3
    await jobs.count_days(desk.rt)
    assert await facts(desk) == {"answer": 3}


async def test_a_day_that_lost_some_records_is_not_counted(each_desk):
    desk = each_desk
    days = desk.rt.settings.decision_days
    await fill(desk.rt, question(noon(desk.clock.now(), days)), question(noon(desk.clock.now(), 1)))
    assert await jobs.count_days(desk.rt) == days - 1
    assert await facts(desk) == {"answer": 1}


def test_days_begin_at_midnight_in_guangzhou():
    first, last = daily.bounds(noon_day := daily.date(2026, 11, 24))
    assert first.astimezone(daily.GUANGZHOU).date() == noon_day
    assert (first.utcoffset(), last - first) == (timedelta(hours=8), timedelta(days=1))


def test_lots_never_count_more_people_than_there_were():
    people = [asker(n) for n in range(300)]
    for size in (1, 9, 10, 60, 300):
        assert cells.lots(people[:size]).bit_count() <= size
    assert cells.lots(people).bit_count() == 60


def test_the_same_people_on_many_days_stay_few():
    nine = cells.lots(asker(n) for n in range(9))
    whole = Cell()
    for _ in range(30):
        whole.add(9, 9, nine)
    assert (whole.count, whole.askers, whole.is_small) == (270, 9, True)


def test_different_people_on_many_days_become_many():
    whole = Cell()
    for n in range(12):
        whole.add(1, 1, cells.lot(asker(n)))
    assert not whole.is_small
