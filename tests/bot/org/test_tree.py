"""The tree takes what kinds.yaml allows and refuses the rest with a reason."""

import pytest

from bot.errors import InvalidInput, NotFound
from bot.org import tree
from bot.org.tree import Unit
from tests.support.office import CLASS, SCHOOL, TIANHE


@pytest.fixture
async def grown(each_office):
    await each_office.units()
    return each_office


async def adds(office, unit):
    async with office.rt.db.write() as tx:
        await tree.add(tx, unit, office.clock.now())


async def test_the_seed_is_the_city_and_its_eleven_districts_once(each_office):
    async with each_office.rt.db.write() as tx:
        assert await tree.seed(tx, each_office.clock.now()) == 12
        assert await tree.seed(tx, each_office.clock.now()) == 0
        assert len(await tree.districts(tx)) == 11


async def test_a_node_is_found_with_those_above_and_below(grown):
    async with grown.rt.db.read() as tx:
        above = await tree.above(tx, CLASS)
        below = await tree.children(tx, SCHOOL)
    assert [u.kind for u in above] == ["city", "district", "street", "school", "grade", "class"]
    assert [u.path for u in below] == [f"{SCHOOL}/2024"]


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        (Unit(f"{TIANHE}/a b", TIANHE, "school", "x"), "unit.slug"),
        (Unit(f"{TIANHE}/..", TIANHE, "school", "x"), "unit.slug"),
        (Unit(f"{TIANHE}/{'a' * 250}", TIANHE, "school", "x"), "unit.slug"),
        (Unit(f"{TIANHE}/new", TIANHE, "school", "  "), "unit.name_missing"),
        (Unit(f"{TIANHE}/new", TIANHE, "class", "x", None, 2024, 3), "unit.kind_below"),
        (Unit(f"{SCHOOL}/2025", SCHOOL, "grade", "x", "primary", 1800), "unit.entry_year"),
        (Unit(f"{SCHOOL}/2024/0", f"{SCHOOL}/2024", "class", "x", None, 2024, 0), "unit.number"),
        (Unit(f"{TIANHE}/shifan", TIANHE, "street", "x"), "unit.path_taken"),
    ],
)
async def test_a_node_that_does_not_fit_is_refused(grown, unit, key):
    with pytest.raises(InvalidInput, match=f"^{key}$"):
        await adds(grown, unit)


async def test_below_nothing_nothing_is_added(grown):
    with pytest.raises(NotFound):
        await adds(grown, Unit("gz/nowhere/x", "gz/nowhere", "school", "x"))


async def test_a_new_name_leaves_the_path(grown):
    async with grown.rt.db.write() as tx:
        await tree.rename(tx, SCHOOL, "示范第一小学")
        assert (await tree.get(tx, SCHOOL)).name == "示范第一小学"


async def test_what_is_put_away_goes_with_all_below_and_comes_back(grown):
    async with grown.rt.db.write() as tx:
        await tree.archive(tx, SCHOOL, grown.clock.now())
        assert (await tree.get(tx, CLASS)).archived_at == grown.clock.now()
        assert (await tree.get(tx, TIANHE)).archived_at is None
        await tree.archive(tx, SCHOOL, None)
        assert (await tree.get(tx, CLASS)).archived_at is None
