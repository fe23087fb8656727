"""What is shown of an audience tells of nobody: not by a sample, nor by a figure or a sum."""

from hypothesis import given
from hypothesis import strategies as st

from bot.people import audience as made
from bot.people import audience_figures as figures
from bot.people.audience import Audience
from tests.support import families, world
from tests.support.desk import MORNING
from tests.support.families import Family, Kid
from tests.support.office import CLASS, SCHOOL, TIANHE, YUEXIU

DISTRICTS = (TIANHE, YUEXIU, "gz/conghua")


async def test_a_sample_is_five_without_a_name(each_office):
    drawn = families.many(200)
    await families.write(each_office.rt.db, drawn)
    async with each_office.rt.db.read() as tx:
        seen = await figures.sample(tx, Audience(stages=("primary",)), world.ACCOUNT, MORNING, {})
    assert len(seen) == 5
    assert {one.stage for one in seen} == {"primary"}
    assert not [one for one in drawn if one.openid in repr(seen)]
    assert all(len(one.district.split("/")) <= 2 for one in seen)


async def test_fewer_than_ten_show_no_sample(each_office):
    nine = [Family(f"o{n}", (Kid("primary", 2024, CLASS),)) for n in range(9)]
    await families.write(each_office.rt.db, nine)
    for more, seen in (([], 0), ([Family("oq", nine[0].kids, quiet=True)], 0),
                       ([Family("ox", nine[0].kids)], 5)):  # fmt: skip
        await families.write(each_office.rt.db, more)
        async with each_office.rt.db.read() as tx:
            found = await figures.sample(tx, Audience(areas=(SCHOOL,)), world.ACCOUNT, MORNING, {})
        assert len(found) == seen


async def test_a_parent_counts_in_one_district_and_the_sum_is_the_whole(each_office):
    drawn = families.many(600)
    await families.write(each_office.rt.db, drawn)
    audience = Audience(stages=("primary", "junior"))
    async with each_office.rt.db.read() as tx:
        whole = (await made.exclusions(tx, audience, world.ACCOUNT, MORNING, {})).left
        told = await figures.by_area(tx, audience, world.ACCOUNT, MORNING, {}, DISTRICTS)
    assert set(told) == {"", *DISTRICTS}
    assert told["gz/conghua"] is None
    seen = sum(n for n in told.values() if n is not None)
    assert whole - seen == 0 or whole - seen >= figures.LEAST
    assert told[TIANHE]


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 40), max_size=8))
def test_what_is_hidden_cannot_be_worked_out(counts):
    told = figures.hidden(counts)
    assert all(n is None or (n >= 10 and n == counts[name]) for name, n in told.items())
    rest = sum(counts.values()) - sum(n for n in told.values() if n is not None)
    assert rest == 0 or rest >= 10 or all(n is None for n in told.values())


def test_nothing_and_a_few_look_the_same():
    assert figures.shown(0) is figures.shown(9) is None
    assert figures.shown(10) == 10
    assert figures.shown(13, figures.step(Audience(areas=(SCHOOL,)))) == 15
    assert figures.shown(13, figures.step(Audience(areas=(TIANHE,)))) == 13
