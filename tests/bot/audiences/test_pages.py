"""Saved audiences in the console: counted, versioned, cut to whose they are; nobody is shown."""

import re

import pytest

from bot.people import audience_saved
from bot.people.audience_json import loads
from tests.bot.audiences.conftest import OPERATOR, crowd
from tests.support import families
from tests.support.families import Family
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, YUEXIU

THIRD = {"name": "天河三年级", "areas": TIANHE, "grades": "p3"}


@pytest.fixture
async def chen(each_bureau):
    return await each_bureau.staff("chen", OPERATOR)


def stats(page):
    return re.findall(r'stat-value">([^<]*)<', page.text)


async def definitions(office):
    rows = await office.rows("SELECT definition FROM audience_version ORDER BY id")
    return [loads(row["definition"]) for row in rows]


async def test_it_is_counted_without_being_saved(each_bureau, chen):
    page = await chen.post("/audiences/new", do="count", areas="*", grades=["p3", "p2"], parts="1")
    assert page.status == 200
    assert stats(page)[0] == "80"
    assert page.text.count("看不到是谁") == 1
    assert not re.search(r"o(Here|There)\d", page.text)
    assert [name in page.text for name in ("天河区", "越秀区", "从化区")] == [True] * 3
    assert await each_bureau.rows("SELECT 1 FROM audience") == []


async def test_opt_outs_and_quiet_are_told_and_taken_off(each_bureau, chen):
    more = [Family(f"oOff{n}", crowd(1)[0].kids, off=True) for n in range(12)]
    more += [Family(f"oQuiet{n}", crowd(1)[0].kids, quiet=True) for n in range(11)]
    await families.write(each_bureau.rt.db, more)
    page = await chen.post("/audiences/new", do="count", areas=TIANHE)
    assert stats(page) == ["40", "12", "11"]
    page = await chen.post("/audiences/new", do="count", named="示范一小")
    assert stats(page) == ["40", "25"], "a school never learns who is left alone after a crisis"
    page = await chen.post("/audiences/new", do="count", areas=TIANHE, kind="events")
    assert stats(page)[0] == "少于 10", "nobody of them has agreed to news of events"


async def test_fewer_than_ten_are_no_figure(each_bureau, chen):
    page = await chen.post("/audiences/new", do="count", areas=TIANHE, grades="j1")
    assert stats(page)[0] == "少于 10"
    assert "看不到是谁" not in page.text


async def test_every_save_is_a_version_and_the_slower_is_told(each_bureau, chen):
    made = await chen.post("/audiences/new", do="save", **THIRD)
    path = made.location.removeprefix("/console").partition("?")[0]
    assert (await chen.get(path)).text.count("第 1 版") == 1
    second = await chen.post(path, do="save", **(THIRD | {"grades": "p4"}), version="1")
    assert second.status == 303
    slower = await chen.post(path, do="save", **(THIRD | {"name": "慢了"}), version="1")
    assert slower.status == 422
    assert 'value="慢了"' in slower.text
    page = await chen.get(path)
    assert "第 2 版" in page.text
    old = await chen.get(path, version="1")
    assert re.search(r'value="p3" checked', old.text)
    assert 'name="version" value="2"' in old.text
    assert (await chen.get(path, version="7")).status == 404
    assert [a.grades for a in await definitions(each_bureau)] == [("p3",), ("p4",)]
    rows = await each_bureau.rows("SELECT by_name, area FROM audience_version ORDER BY id")
    assert {(r["by_name"], r["area"]) for r in rows} == {("chen先生", TIANHE)}
    noted = await each_bureau.rows("SELECT action FROM audit WHERE action LIKE 'audience.%'")
    assert len(noted) == 2


async def test_another_audience_is_taken_out(each_bureau, chen):
    made = await chen.post("/audiences/new", do="save", name="越秀", areas=YUEXIU)
    number = re.search(r"/audiences/(\d+)", made.location)[1]
    page = await chen.post("/audiences/new", do="count", areas="*", excluded=number)
    assert stats(page)[0] == "40"
    await chen.post("/audiences/new", do="save", name="不含越秀", areas="*", excluded=number)
    assert [len(a.excluding) for a in await definitions(each_bureau)] == [0, 1]
    await chen.post(f"/audiences/{number}/archive")
    assert "不含越秀" in (await chen.get("/audiences")).text
    assert (await chen.get(f"/audiences/{number}")).status == 404


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"areas": "*", "grades": "p9"}, "请从列出的选项中选择"),
        ({"grades": "p3"}, "请至少选一个地方"),
        ({"named": "没有的学校"}, "没有找到“没有的学校”"),
        ({"areas": "*", "wrote": "0"}, "请填 1 到 3650"),
        ({"areas": "*", "excluded": "99"}, "请从列出的选项中选择"),
    ],
)
async def test_a_fault_stands_beside_its_field(each_bureau, chen, form, fault):
    answer = await chen.post("/audiences/new", do="count", **form)
    assert answer.status == 422
    assert fault in answer.text


WHO = {
    "city": (OPERATOR, {"", TIANHE, SCHOOL, CLASS, YUEXIU, OTHER_SCHOOL}),
    "district": (("operator", TIANHE, ""), {TIANHE, SCHOOL, CLASS}),
    "school": (("operator", SCHOOL, ""), {SCHOOL, CLASS}),
    "other": (("operator", YUEXIU, ""), {YUEXIU, OTHER_SCHOOL}),
    "topic": (("operator", "", "study"), set()),
}


@pytest.mark.parametrize("who", WHO)
async def test_nobody_saves_counts_or_sees_beyond_the_own_area(bureau, who):
    await families.write(bureau.rt.db, crowd())
    held, own = WHO[who]
    chief = await bureau.staff("chief", OPERATOR)
    for n, area in enumerate(("", TIANHE, SCHOOL, CLASS, YUEXIU, OTHER_SCHOOL)):
        await chief.post("/audiences/new", do="save", name=f"第{n}组", named=area,
                         areas=[] if area else "*")  # fmt: skip
    client = await bureau.staff("client", held)
    rows = await bureau.rows("SELECT id, name, area FROM audience")
    page = await client.get("/audiences")
    for row in rows:
        is_own = row["area"] in own
        assert (row["name"] in page.text) == is_own
        path = f"/audiences/{row['id']}"
        assert (await client.get(path)).status == (200 if is_own else 404)
        if not is_own:
            assert (await client.post(path, do="save", **THIRD, version="1")).status == 404
            assert (await client.post(f"{path}/archive")).status == 404
        counted = await client.post("/audiences/new", do="count", named=row["area"])
        if row["area"]:
            assert counted.status == (200 if is_own else 422)
    forced = await client.post("/audiences/new", do="save", name="全部", areas=["*"])
    assert forced.status == (303 if "" in own else 422)
    saved = await bureau.rows("SELECT area, definition FROM audience_version WHERE by <> 2")
    assert all(row["area"] in own for row in saved)


async def test_a_wider_wish_is_cut_when_it_is_used(bureau):
    chief = await bureau.staff("chief", OPERATOR)
    await chief.post("/audiences/new", do="save", name="全市", areas="*")
    local = await bureau.staff("local", ("operator", SCHOOL, ""))
    wide = (await definitions(bureau))[0]
    own = audience_saved.own(await local.actor())
    assert wide.narrowed(own).areas == (SCHOOL,)


async def test_a_leader_reads_nothing(bureau):
    leader = await bureau.staff("leader", ("leader", "", ""))
    for path in ("/audiences", "/audiences/new"):
        assert (await leader.get(path)).status == 403
