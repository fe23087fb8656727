"""An audience's Select holds exactly whom the definition means, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from bot.clock import day
from bot.errors import NotAllowed
from bot.people import audience as made
from bot.people.audience import Audience, Behaviour, NotAnAudience
from bot.people.audience_json import dumps, from_json, loads
from bot.people.audience_shape import ROLES, STAGES, codes, common, widest
from bot.people.consents import Kind
from bot.people.families import guardians
from tests.support import families, world
from tests.support.desk import MORNING
from tests.support.families import Family, Kid
from tests.support.office import CLASS, SCHOOL, TIANHE, YUEXIU

TODAY = day(MORNING)
AREAS = ("", "gz", TIANHE, YUEXIU, SCHOOL, CLASS, "gz/tianhe/shifan", "gz/tianhe/shif")


def some(values, most=3):
    drawn = st.lists(st.sampled_from(values), max_size=most)
    return drawn.map(lambda chosen: tuple(v for v in values if v in chosen))


DAYS = st.none() | st.sampled_from((1, 2, 6, 40))
PLAIN = st.builds(
    Audience,
    areas=st.lists(st.sampled_from(AREAS), min_size=1, max_size=3).map(widest),
    stages=some(STAGES),
    grades=some(tuple(codes())),
    roles=some(ROLES),
    behaviours=st.builds(
        Behaviour, wrote_within_days=DAYS, silent_for_days=DAYS, followed_within_days=DAYS
    ),
)
ANY = st.builds(
    lambda whole, excluding: replace(whole, excluding=tuple(excluding)),
    PLAIN,
    st.lists(PLAIN, max_size=2),
)


@pytest.fixture
async def crowd(each_office):
    await each_office.units()
    drawn = families.many(400)
    await families.write(each_office.rt.db, drawn)
    await each_office.change("ANALYZE")  # as autovacuum does: without it PostgreSQL guesses
    return each_office, drawn


async def members(office, audience, today=TODAY, features=None):
    async with office.rt.db.read() as tx:
        rows = await tx.execute(made.parents(audience, world.ACCOUNT, today, features or {}))
        return [(row.account, row.openid) for row in rows]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(audience=ANY)
async def test_it_holds_whom_it_means_and_each_once(crowd, audience):
    office, drawn = crowd
    found = await members(office, audience)
    wanted = {(one.account, one.openid) for one in drawn if families.is_in(audience, one, TODAY)}
    assert len(found) == len(set(found))
    assert set(found) == wanted
    async with office.rt.db.read() as tx:
        rows = await tx.execute(made.in_one_pass(audience, world.ACCOUNT, TODAY, {}))
        assert sorted(row.openid for row in rows) == sorted(openid for _, openid in wanted)
        assert await made.count(tx, audience, world.ACCOUNT, TODAY, {}) == len(wanted)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(audience=ANY, kind=st.none() | st.sampled_from((Kind.EVENTS, Kind.LESSONS)))
async def test_who_wants_nothing_or_is_left_alone_is_taken_off(crowd, audience, kind):
    office, drawn = crowd
    there = [one for one in drawn if families.is_in(audience, one, TODAY)]
    off = [one for one in there if one.off or (kind and kind not in one.wants)]
    quiet = [one for one in there if one.quiet and one not in off]
    async with office.rt.db.read() as tx:
        told = await made.exclusions(tx, audience, world.ACCOUNT, MORNING, {}, kind)
        rows = await tx.execute(made.willing(audience, world.ACCOUNT, MORNING, {}, kind))
        left = {row.openid for row in rows}
    assert (told.total, told.opted_out, told.quiet) == (len(there), len(off), len(quiet))
    assert told.left == len(left)
    assert left == {one.openid for one in there if one not in off and one not in quiet}


async def test_pages_by_keyset_are_the_whole(crowd):
    office, drawn = crowd
    query = made.parents(Audience(areas=(TIANHE,)), world.ACCOUNT, TODAY, {})
    found, after = [], ""
    async with office.rt.db.read() as tx:
        while page := (await tx.execute(made.page(query, after, 17))).all():
            found += [row.openid for row in page]
            after = found[-1]
    wanted = [o.openid for o in drawn if families.is_in(Audience(areas=(TIANHE,)), o, TODAY)]
    assert found == sorted(wanted)


async def test_the_last_word_about_a_kind_counts(each_office):
    await families.write(each_office.rt.db, [Family("oA", wants=("events",))])
    for given_, off in (("FALSE", 1), ("TRUE", 0)):
        await each_office.change(
            "INSERT INTO consent (account, openid, kind, version, is_given, at) VALUES"
            f" ('{world.ACCOUNT}', 'oA', 'events', '1', {given_}, '2026-11-24 02:00:00.000000')"
        )
        async with each_office.rt.db.read() as tx:
            told = await made.exclusions(tx, Audience(), world.ACCOUNT, MORNING, {}, Kind.EVENTS)
        assert (told.total, told.opted_out) == (1, off)


async def test_september_moves_every_grade_and_rewrites_nothing(each_office):
    office, code = each_office, "gz/tianhe/shifan/shifan-1/2024/3"
    await office.units()
    kids = [Kid("kinder", 2024), Kid("primary", 2021), Kid("primary", 2024, code),
            Kid("junior", 2024), Kid("senior", 2024)]  # fmt: skip
    await families.write(office.rt.db, [Family(f"o{n}", (kid,)) for n, kid in enumerate(kids)])
    kept = "SELECT stage, entry_year, unit FROM child ORDER BY id"
    before = await office.rows(kept)
    summer, autumn = TODAY.replace(month=8, day=31), TODAY.replace(month=9, day=1)

    async def grades_on(today):
        found = {}
        for grade in codes():
            for _, openid in await members(office, Audience(grades=(grade,)), today):
                found[openid] = grade
        return found

    assert await grades_on(summer) == {"o0": "k2", "o1": "p5", "o2": "p2", "o3": "j2", "o4": "s2"}
    assert await grades_on(autumn) == {"o0": "k3", "o1": "p6", "o2": "p3", "o3": "j3", "o4": "s3"}
    later = autumn.replace(year=autumn.year + 1)
    assert await grades_on(later) == {"o2": "p4"}
    for stage, left in (("primary", 1), ("junior", 0), ("kinder", 0)):
        assert len(await members(office, Audience(stages=(stage,)), later)) == left
    graduated = autumn.replace(year=2030)
    assert len(await members(office, Audience(areas=(code,)), later)) == 1
    assert await members(office, Audience(areas=(code,)), graduated) == []
    assert await office.rows(kept) == before


async def test_who_came_by_the_code_of_a_class_leaves_with_it(each_office):
    await each_office.units()
    await families.write(each_office.rt.db, [Family("oA", scene=f"class:{CLASS}")])
    assert len(await members(each_office, Audience(areas=(SCHOOL,)))) == 1
    assert await members(each_office, Audience(areas=(SCHOOL,)), TODAY.replace(year=2031)) == []


async def test_a_feature_is_asked_and_an_unknown_one_refused(each_office):
    await families.write(each_office.rt.db, [Family("oA"), Family("oB")])

    def enrolled(value):
        return select(guardians.c.account, guardians.c.openid).where(
            guardians.c.openid == literal(value)
        )

    features = {"enrolled": enrolled, "clicked": enrolled}
    for audience, wanted in (
        (Audience(features={"enrolled": "oB"}), {"oB"}),
        (Audience(excluding=(Audience(features={"enrolled": "oB"}),)), {"oA"}),
        (Audience(behaviours=Behaviour(clicked=5)), set()),
        (Audience(behaviours=Behaviour(not_clicked=5)), {"oA", "oB"}),
    ):
        found = await members(each_office, audience, features=features)
        assert {openid for _, openid in found} == wanted
    with pytest.raises(NotAnAudience, match=r"features\.enrolled"):
        await members(each_office, Audience(features={"enrolled": "x"}))
    with pytest.raises(NotAnAudience, match=r"features\.clicked"):
        await members(each_office, Audience(behaviours=Behaviour(clicked=1)))


@given(audience=ANY)
def test_json_brings_the_same_back(audience):
    assert loads(dumps(audience)) == audience


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "audience"),
        ({"area": []}, "audience.area"),
        ({"areas": []}, "areas"),
        ({"areas": ["gz/../x"]}, "areas"),
        ({"areas": [1]}, "areas"),
        ({"stages": ["primar"]}, "stages"),
        ({"grades": ["p7"]}, "grades"),
        ({"roles": "mother"}, "roles"),
        ({"tags": ["poor"]}, "tags"),
        ({"behaviours": {"wrote_within_days": 0}}, "behaviours.wrote_within_days"),
        ({"behaviours": {"silent_for_days": True}}, "behaviours.silent_for_days"),
        ({"behaviours": {"cried": 1}}, "behaviours.cried"),
        ({"features": {"enrolled": 7}}, "features.enrolled"),
        ({"excluding": {}}, "excluding"),
        ({"excluding": [{}, {"grades": ["x"]}]}, "excluding.1.grades"),
        ({"excluding": [{"excluding": [{}]}]}, "excluding.0.excluding"),
    ],
)
def test_a_fault_names_its_field(data, field):
    with pytest.raises(NotAnAudience) as refused:
        from_json(data)
    assert refused.value.field == field or str(refused.value).startswith(field)
    with pytest.raises(NotAnAudience):
        loads("{")


@given(audience=PLAIN, own=st.lists(st.sampled_from(AREAS), max_size=2))
def test_nobody_reaches_over_the_own_places(audience, own):
    held = [one for one in families.many(60) if families.is_in(audience, one, TODAY)]
    try:
        cut = audience.narrowed(own)
    except NotAllowed:
        return
    inside = Audience(areas=tuple(own))
    places = [f"{a}/x" if a else "x" for a in cut.areas]
    assert all(any(not o or families.is_below(p, o) for o in own) for p in places)
    assert inside.areas
    for one in held:
        if families.is_in(cut, one, TODAY):
            assert families.is_in(replace(audience, excluding=()), one, TODAY)


def test_a_wish_outside_of_the_own_places_is_refused():
    with pytest.raises(NotAllowed):
        Audience(areas=(YUEXIU,)).narrowed([SCHOOL])
    assert Audience().narrowed([SCHOOL]).areas == (SCHOOL,)
    assert Audience(areas=(TIANHE, YUEXIU)).narrowed([SCHOOL]).areas == (SCHOOL,)
    assert common([SCHOOL, "gz/tianhe"]) == TIANHE
    assert common(["", TIANHE]) == ""


def test_days_are_days_of_guangzhou():
    assert day(MORNING - timedelta(hours=10)) == TODAY - timedelta(days=1)
