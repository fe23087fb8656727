"""The calendar in the console: a year at a glance; rows added, changed, taken away."""

import re

import pytest

from tests.support.office import TIANHE

FORM = {
    "kind": "state_holiday",
    "name": "春节",
    "first": "2027-02-05",
    "last": "2027-02-11",
    "source": "国办发明电〔示例〕",
    "reviewed_on": "2026-11-20",
}


@pytest.fixture
async def operator(each_office):
    return await each_office.staff("operator", ("operator", "", ""))


async def kept(office):
    return await office.rows("SELECT * FROM calendar_day ORDER BY id")


async def add(browser, **changed):
    return await browser.post("/calendar/new", **(FORM | changed))


async def test_a_year_without_a_notice_says_so(operator):
    known = await operator.get("/calendar", year="2026")
    assert (known.status, "还没有录全" in known.text) == (200, False)
    assert "国庆节" in known.text
    unknown = await operator.get("/calendar", year="2027")
    assert "还没有录全" in unknown.text
    assert "还没有 2027 年的学期" in unknown.text


async def test_an_entry_is_added_changed_and_taken_away_and_noted(operator, each_office):
    office = each_office
    done = await add(operator)
    assert (done.status, done.location) == (303, "/console/calendar?year=2027&done=calendar.added")
    page = (await operator.follow(done)).text
    assert "已添加" in page
    (row,) = await kept(office)
    form = await operator.get(f"/calendar/{row['id']}")
    revision = re.search(r'name="revision" value="(\d+)"', form.text)[1]
    sent = FORM | {"name": "春节放假", "revision": revision}
    changed = await operator.post(f"/calendar/{row['id']}", **sent)
    assert changed.status == 303
    assert (await kept(office))[0]["name"] == "春节放假"
    late = await operator.post(f"/calendar/{row['id']}", **sent)
    assert (late.status, "别人改过" in late.text) == (422, True)
    gone = await operator.post(f"/calendar/{row['id']}/remove")
    assert gone.status == 303
    assert await kept(office) == []
    noted = await office.rows("SELECT action FROM audit WHERE action LIKE 'calendar.%' ORDER BY 1")
    assert [r["action"] for r in noted] == [
        "calendar.added", "calendar.changed", "calendar.removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "feast"}, "form-fault"),
        ({"name": ""}, "form-fault"),
        ({"source": ""}, "form-fault"),
        ({"first": "2027-02-30"}, "form-fault"),
        ({"last": "2027-02-01"}, "不能早于"),
        ({"last": "2027-12-31"}, "最多 200 天"),
        ({"first": "1800-01-01", "last": "1800-01-02"}, "2100 年之间"),
        ({"reviewed_on": "2030-01-01"}, "不能晚于今天"),
        ({"name": "长" * 41}, "41"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    operator, each_office, changed, words
):
    answer = await add(operator, **changed)
    assert (answer.status, words in answer.text) == (422, True)
    assert await kept(each_office) == []


async def test_two_of_a_kind_do_not_overlap(operator, each_office):
    await add(operator)
    answer = await add(operator, first="2027-02-11", last="2027-02-12")
    assert (answer.status, "重叠" in answer.text) == (422, True)
    assert len(await kept(each_office)) == 1


async def test_only_whom_the_whole_city_trusts_changes_it(office):
    there = await office.staff("there", ("operator", TIANHE, ""))
    assert (await there.get("/calendar")).status == 200
    assert "/calendar/new" not in (await there.get("/calendar")).text
    assert (await there.get("/calendar/new")).status == 403
    assert (await add(there)).status == 403
    leader = await office.staff("leader", ("leader", "", ""))
    assert (await leader.get("/calendar")).status == 403


@pytest.mark.parametrize("year", ["1", "9999", "x", "-5", "2100", "2000", "999999999"])
async def test_odd_years_are_answered(office, year):
    operator = await office.staff("operator", ("operator", "", ""))
    assert (await operator.get("/calendar", year=year)).status == 200


@pytest.mark.parametrize("number", ["0", "99", "x", "1e3", "9" * 30])
async def test_a_row_there_is_not_is_not_found(office, number):
    operator = await office.staff("operator", ("operator", "", ""))
    assert (await operator.get(f"/calendar/{number}")).status == 404
    assert (await operator.post(f"/calendar/{number}/remove")).status == 404
