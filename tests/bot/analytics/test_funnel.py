"""The funnel: who is counted where, and that no figure, nor any difference of two, is small."""

import itertools

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.analytics import funnel_counting, funnel_job
from bot.analytics.cells import LEAST
from bot.analytics.funnel import NESTED, WHOLE, Funnel, Key, Step
from bot.school.learner_tables import enrolments
from tests.support import families, school, world
from tests.support.families import Family, Kid
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, YUEXIU

COURSES = ("homework-rhythm", "phone-agreement")


def parents(count, unit="", prefix="o", **more):
    kids = (Kid("primary", 2024, unit),) if unit else ()
    return [Family(f"{prefix}{n:025d}", kids, **more) for n in range(count)]


def taken(one, course=COURSES[0], now=families.MORNING, *, finished=False):
    return {
        "account": one.account, "openid": one.openid, "course": course, "version": 1,
        "state": "finished" if finished else "active", "lesson": 0, "step": "card", "at_step": 0,
        "begun_at": now, "acted_at": now, "finished_at": now if finished else None,
    }  # fmt: skip


@pytest.fixture
async def office(each_office):
    await each_office.units()
    await school.publish(each_office.rt, *COURSES)
    return each_office


async def learn(office, *rows):
    async with office.rt.db.write() as tx:
        await tx.execute(insert(enrolments), list(rows))


async def counted(office):
    async with office.rt.db.read() as tx:
        made = await funnel_counting.count(tx, world.ACCOUNT)
    return {key: cell.count for key, cell in made._cells.items() if key not in made._never}


def at(counts, area):
    return [counts[Key(area, "", "", step)] for step in Step]


async def test_each_parent_is_counted_once_where_the_first_child_is(office):
    here = parents(3, CLASS, "a", wants=("lessons",))
    by_code = parents(2, "", "b", scene=f"class:{OTHER_SCHOOL}/2025/2")
    nowhere = parents(4, "", "c", scene="event:fair")
    two = Family("d" * 26, (Kid("primary", 2024, CLASS), Kid("primary", 2025, OTHER_SCHOOL)))
    gone = parents(5, CLASS, "e", follows=False)
    asked = parents(6, "", "f", scene=f"unit:{YUEXIU}", agreed=False)
    other = parents(7, CLASS, "g", account="gh_other0000001")
    everybody = [*here, *by_code, *nowhere, two, *gone, *asked, *other]
    await families.write(office.rt.db, everybody)
    await learn(
        office, taken(here[0], finished=True), taken(here[0], COURSES[1]), taken(here[1]),
        taken(two), taken(gone[0], finished=True), taken(nowhere[0]),
    )  # fmt: skip
    counts = await counted(office)
    assert at(counts, SCHOOL) == [4, 4, 4, 3, 3, 1, 0]
    assert at(counts, TIANHE) == [4, 4, 4, 3, 3, 1, 0]
    assert at(counts, OTHER_SCHOOL) == [2, 0, 2, 0, 0, 0, 0]
    assert at(counts, YUEXIU) == [8, 0, 2, 0, 0, 0, 0]
    assert at(counts, "gz") == [16, 4, 10, 3, 4, 1, 0]
    programme = school.course(COURSES[0]).programme
    assert counts[Key("gz", programme, COURSES[0], Step.STARTED)] == 4
    assert counts[Key(TIANHE, programme, COURSES[0], Step.STARTED)] == 3
    assert counts[Key(TIANHE, programme, COURSES[0], Step.COMPLETED)] == 1


async def test_who_took_it_back_no_longer_wants_lessons(office):
    first = parents(1, CLASS, wants=("lessons",))
    await families.write(office.rt.db, first)
    await office.change(
        "INSERT INTO consent (account, openid, kind, version, is_given, at)"
        " SELECT account, openid, kind, version, FALSE, at FROM consent WHERE kind = 'lessons'"
    )
    assert at(await counted(office), SCHOOL) == [1, 1, 1, 0, 0, 0, 0]


async def test_a_school_that_was_put_away_has_no_line_and_its_parents_stay_counted(office):
    await families.write(office.rt.db, parents(3, CLASS))
    await office.change("UPDATE unit SET archived_at = created_at WHERE path = :p", p=SCHOOL)
    counts = await counted(office)
    assert Key(SCHOOL, "", "", Step.FOLLOWED) not in counts
    assert at(counts, TIANHE)[0] == 3


async def test_figures_are_kept_once_a_day_without_the_small_ones(office):
    many = [*parents(60, CLASS, "a"), *parents(20, "", "b", scene="unit:gz/haizhu")]
    few = parents(4, "", "c", scene=f"unit:{OTHER_SCHOOL}")
    await families.write(office.rt.db, [*many, *few])
    await learn(office, *(taken(one) for one in [*many[:30], *many[-10:]]))
    assert await funnel_job.count_funnel(office.rt) > 0
    assert await funnel_job.count_funnel(office.rt) == 0, "once a day"
    rows = await office.rows("SELECT area, step, count FROM funnel_figure WHERE programme = ''")
    kept = {(row["area"], row["step"]): row["count"] for row in rows}
    assert kept[SCHOOL, "started"] == 30
    assert kept[OTHER_SCHOOL, "followed"] is None
    assert kept[OTHER_SCHOOL, "started"] is None, "that none of four began is nobody's to know"
    office.clock.turn(days=1)
    assert await funnel_job.count_funnel(office.rt) > 0


async def test_the_one_course_all_took_does_not_tell_what_the_people_hide(office):
    few = [*parents(40, CLASS, "a"), *parents(5, "", "b", scene=f"unit:{OTHER_SCHOOL}")]
    await families.write(office.rt.db, few)
    await learn(office, *(taken(one) for one in few))
    async with office.rt.db.read() as tx:
        figures = (await funnel_counting.count(tx, world.ACCOUNT)).figures()
    programme = school.course(COURSES[0]).programme
    for area in ("gz", TIANHE, YUEXIU):
        shown = {
            figures[key] is None
            for key in (
                Key(area, "", "", Step.STARTED),
                Key(area, programme, WHOLE, Step.STARTED),
                Key(area, programme, COURSES[0], Step.STARTED),
            )
        }
        assert len(shown) == 1, area


BELOW = {"c": ["c/a", "c/b"], "c/a": ["c/a/1", "c/a/2"], "c/b": [], "c/a/1": [], "c/a/2": []}


@st.composite
def leaf(draw):
    followed = draw(st.integers(0, 40))
    agreed = draw(st.integers(0, followed))
    started = draw(st.integers(0, agreed))
    part = st.integers(0, agreed)
    return {
        Step.FOLLOWED: followed, Step.AGREED: agreed, Step.BOUND: draw(part),
        Step.LESSONS: draw(part), Step.STARTED: started,
        Step.COMPLETED: draw(st.integers(0, started)), Step.CERTIFIED: draw(part),
    }  # fmt: skip


@limits(max_examples=150, deadline=None)
@given(st.fixed_dictionaries({name: leaf() for name in ("c", "c/a", "c/b", "c/a/1", "c/a/2")}))
def test_no_small_figure_and_no_small_difference_is_shown(own):
    counts = {
        area: {
            s: sum(own[x][s] for x in own if x == area or x.startswith(f"{area}/")) for s in Step
        }
        for area in own
    }
    made = Funnel("c")
    made.people(BELOW, counts)
    figures = made.figures()
    for area, outer, inner in ((a, *pair) for a in BELOW for pair in NESTED):
        whole, part = (figures[Key(area, "", "", s)] for s in (outer, inner))
        if whole is not None and part is not None:
            told = counts[area][outer] - counts[area][inner]
            assert told == 0 or told >= LEAST, (area, outer, inner)
        if 0 < counts[area][outer] < LEAST:
            assert part is None, "nothing is told of so few"
    for (area, parts), step in itertools.product(BELOW.items(), Step):
        shown = [figures[Key(p, "", "", step)] for p in parts]
        if figures[Key(area, "", "", step)] is not None and parts:
            hidden = [p for p, figure in zip(parts, shown, strict=True) if figure is None]
            beside = counts[area][step] - sum(counts[p][step] for p in parts)
            missing = beside + sum(counts[p][step] for p in hidden)
            assert not hidden or missing >= LEAST, (area, step)
    assert all(f is None or f == 0 or f >= LEAST for f in figures.values())
