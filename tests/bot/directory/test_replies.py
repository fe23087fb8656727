"""What parents are told: near first, sure first, nothing made up."""

import pytest
from sqlalchemy import insert

from bot.directory import actions
from bot.directory.place import Place
from bot.directory.tables import places
from bot.org import tree
from bot.wechat import messages

NEAR, FAR = (23.1200, 113.3300), (23.1600, 113.3300)
SURE = {"status": "active", "verified_by": "陈老师"}


@pytest.fixture
async def town_desk(each_desk):
    async with each_desk.rt.db.write() as tx:
        await tree.seed(tx, each_desk.clock.now())
        await actions.seed(tx, each_desk.clock.now())
    return each_desk


async def put(desk, code, name, spot=(None, None), **given):
    today = desk.clock.now().date()
    verified = {"verified_at": today} if given.get("status") == "active" else {}
    place = Place(code, name, "station", "street", "gz/tianhe", lat=spot[0], lng=spot[1],
                  **given, **verified)  # fmt: skip
    kept = {"revision": 1, "changed_at": desk.clock.now(), "changed_by": None}
    async with desk.rt.db.write() as tx:
        await tx.execute(insert(places).values(**place.to_row() | kept))


async def sends(desk, lat, lng, label=""):
    (reply,) = await desk.gets(desk.event(messages.Location, lat, lng, 15, label))
    return reply.text


async def test_a_street_comes_before_its_district(town_desk):
    await put(town_desk, "a", "石牌服务站", street="石牌街道")
    await put(town_desk, "b", "棠下服务站", street="棠下街道", **SURE)
    said = await town_desk.says("天河区棠下街哪里有家庭教育服务站")
    assert said.index("1. 棠下服务站") < said.index("石牌服务站（请先致电核实）")


async def test_the_nearest_are_told_with_their_distance(town_desk):
    await put(town_desk, "a", "远站", FAR)
    await put(town_desk, "b", "近站", NEAR, phones="020-12345678;13800000000", **SURE)
    said = await sends(town_desk, 23.1195, 113.3301)
    assert "1. 近站（约50米）" in said
    assert "2. 远站（请先致电核实）（约4.5公里）" in said
    card = await town_desk.says("1")
    assert "电话：020-12345678 13800000000" in card
    assert "核实于" in card
    assert "致电核实" not in card
    assert "致电核实" not in said.split("\n")[1]


async def test_what_is_closed_is_not_told_and_what_is_past_its_day_is_doubtful(town_desk):
    await put(town_desk, "a", "关了的站", NEAR, status="closed")
    yesterday = town_desk.clock.now().date().replace(year=2020)
    await put(town_desk, "b", "过期的站", NEAR, valid_until=yesterday, **SURE)
    said = await sends(town_desk, *NEAR)
    assert "关了的站" not in said
    assert "过期的站（请先致电核实）" in said


async def test_a_list_can_be_picked_from_for_half_an_hour(town_desk):
    await town_desk.says("天河区哪里有家庭教育服务站")
    for number in ("9", "22"):
        assert "没有这个编号" in await town_desk.says(number)
    town_desk.clock.turn(minutes=31)
    assert "天河区家庭教育指导中心" not in await town_desk.says("1")
