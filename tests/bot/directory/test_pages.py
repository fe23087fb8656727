"""The directory in the console: list, add, change, two people at once, and whose it is."""

import pytest

from tests.bot.directory.conftest import EDITOR
from tests.support.office import TIANHE

NEW = {"name": "棠下家庭教育服务站", "kind": "家庭教育服务站", "level": "镇街",
       "district": "天河区",
       "status": "待核实"}  # fmt: skip


@pytest.fixture
async def chen(each_bureau):
    return await each_bureau.staff("chen", EDITOR)


async def test_the_seeded_centres_are_there_and_to_be_verified(chen):
    page = await chen.get("/directory")
    assert "天河区家庭教育指导中心" in page.text
    assert page.text.count("待核实") >= 12
    assert "白云区家庭教育指导中心" not in (await chen.get("/directory", area="gz/tianhe")).text
    assert "没有找到" in (await chen.get("/directory", q="不存在")).text


async def test_a_place_is_added_and_changed(each_bureau, chen):
    done = await chen.post("/directory/new", **NEW)
    assert done.location.endswith("?done=directory.added")
    path = done.location.removeprefix("/console").partition("?")[0]
    page = await chen.get(path)
    assert "请先致电核实" in page.text
    saved = await chen.post(path, **NEW, revision="1", phones="020-12345678")
    assert saved.location.endswith("?done=directory.saved")
    rows = await each_bureau.rows("SELECT phones FROM place WHERE name = :n", n=NEW["name"])
    assert rows[0]["phones"] == "020-12345678"
    noted = await each_bureau.rows(
        "SELECT action FROM audit WHERE action LIKE 'directory.%' ORDER BY number"
    )
    assert [r["action"] for r in noted] == ["directory.added", "directory.changed"]


async def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(chen):
    answer = await chen.post("/directory/new", **(NEW | {"phones": "问陈老师"}))
    assert answer.status == 422
    assert "不像电话号码" in answer.text
    assert 'value="问陈老师"' in answer.text


async def test_the_slower_of_two_sees_what_stands_there_now(chen):
    path = "/directory/tianhe-center"
    mine = NEW | {"name": "天河区家庭教育指导中心", "kind": "家庭教育指导中心"}
    await chen.post(path, **mine, revision="1", hours="周一至周五")
    slower = await chen.post(path, **mine, revision="1", hours="周末")
    assert slower.status == 422
    assert "现在是：周一至周五" in slower.text
    assert 'value="周末"' in slower.text
    assert 'name="revision" value="2"' in slower.text
    again = await chen.post(path, **mine, revision="2", hours="周末")
    assert again.status == 303


async def test_a_district_keeps_to_its_own(bureau):
    local = await bureau.staff("local", ("editor", TIANHE, ""))
    assert "越秀区家庭教育指导中心" not in (await local.get("/directory")).text
    assert (await local.get("/directory/yuexiu-center")).status == 404
    refused = await local.post("/directory/new", **(NEW | {"district": "越秀区"}))
    assert refused.status in (403, 422)
    assert await bureau.rows("SELECT 1 FROM place WHERE name = :n", n=NEW["name"]) == []
