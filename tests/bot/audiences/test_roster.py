"""A roster is tried out, adds up, adds only what is new, and lets no person in."""

import contextlib
import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audiences import roster_reading
from bot.clock import day
from bot.errors import InvalidInput
from bot.org import tree
from bot.spreadsheet.writing import xlsx_of
from tests.support.desk import MORNING
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE

HEAD = ("区", "镇街", "学校", "学段", "入学年份", "班数", "班号")
TODAY = day(MORNING)
ADMIN = ("admin", "", "")
ROWS = (
    ("天河区", "示范街", "示范一小", "小学", "2024", "4", ""),  # class 3 is there
    ("天河", "", "新办学校", "小学", "2026", "3", ""),
    ("天河区", "", "新办学校", "初中", "2026", "", "2"),
    ("越秀区", "", "东山一小", "小学", "2025", "2", ""),
)


def table(*rows, head=HEAD):
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")


async def tried(client, *rows, head=HEAD, name="roster.csv"):
    return await client.post("/roster", {"file": (name, table(*rows, head=head))})


async def plans(office):
    return [json.loads(r["plan"]) for r in await office.rows("SELECT plan FROM roster_import")]


@pytest.fixture
async def lin(each_office):
    await each_office.units()
    return await each_office.staff("lin", ADMIN)


async def test_it_is_shown_first_and_adds_up(each_office, lin):
    before = await each_office.rows("SELECT path FROM unit")
    sent = await tried(lin, *ROWS)
    assert sent.status == 303
    assert await each_office.rows("SELECT path FROM unit") == before
    (told,) = await plans(each_office)
    assert told["rows"] == {"new": 4, "same": 0, "broken": 0}
    assert told["nodes"] == {"school": 1, "grade": 3, "class": 3 + 3 + 1 + 2}
    page = await lin.follow(sent)
    assert "导入 13 个" in page.text
    taken = await lin.send("POST", sent.location, headers={"Origin": each_office.origin},
                           data={"csrf": await lin.token()})  # fmt: skip
    assert taken.location.endswith("done=roster.taken")
    after = {r["path"] for r in await each_office.rows("SELECT path FROM unit")}
    assert len(after) == len(before) + 13
    async with each_office.rt.db.read() as tx:
        new = next(u for u in await tree.children(tx, TIANHE) if u.name == "新办学校")
        assert new.stage == "joint"
        assert {u.path.rpartition("/")[2] for u in await tree.children(tx, new.path)} == {
            "primary-2026", "junior-2026",
        }  # fmt: skip
        made = await tree.get(tx, f"{new.path}/junior-2026/2")
    assert (made.stage, made.entry_year, made.number, made.label(TODAY)) == (
        "junior", 2026, 2, "初一2班",
    )  # fmt: skip
    assert {f"{SCHOOL}/2024/{n}" for n in range(1, 5)} <= after
    noted = await each_office.rows("SELECT detail FROM audit WHERE action = 'roster.imported'")
    assert json.loads(noted[0]["detail"]) == {"added": {"school": 1, "grade": 3, "class": 9}}


async def test_a_second_time_adds_nothing(each_office, lin):
    for _ in range(2):
        sent = await tried(lin, *ROWS)
        for _ in range(2):
            await lin.post(sent.location)
    count = "SELECT count(*) AS n FROM unit"
    (rows,) = await each_office.rows(count)
    assert rows["n"] == 12 + 5 + 13
    assert [p["rows"] for p in await plans(each_office)][1] == {"new": 0, "same": 4, "broken": 0}
    assert len(await each_office.rows("SELECT 1 FROM audit WHERE action = 'roster.imported'")) == 2


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (("北京区", "", "甲", "小学", "2026", "2", ""), "区", "没有“北京区”"),
        (("天河区", "没有街", "甲", "小学", "2026", "2", ""), "镇街", "没有“没有街”"),
        (("天河区", "", "", "小学", "2026", "2", ""), "学校", "不能空"),
        (("天河区", "", "甲", "大学", "2026", "2", ""), "学段", "没有“大学”"),
        (("天河区", "", "甲", "小学", "2018", "2", ""), "入学年份", "2021 到 2027"),
        (("天河区", "", "甲", "初中", "2023", "2", ""), "入学年份", "2024 到 2027"),
        (("天河区", "", "甲", "小学", "2026", "", ""), "班数", "写一个"),
        (("天河区", "", "甲", "小学", "2026", "2", "1"), "班数", "写一个"),
        (("天河区", "", "甲", "小学", "2026", "61", ""), "班数", "1 到 60"),
        (("天河区", "", "示范一小", "初中", "2026", "1", ""), "学段", "登记的是小学"),
    ],
)
async def test_a_fault_names_row_and_column(each_office, lin, row, column, said):
    await tried(lin, ROWS[1], row)
    (told,) = await plans(each_office)
    (fault,) = told["faults"]
    assert (fault["row"], fault["column"]) == (3, column)
    assert said in fault["problem"]
    assert told["rows"] == {"new": 1, "same": 0, "broken": 1}


async def test_a_class_named_twice_is_told(each_office, lin):
    await tried(lin, ROWS[1], ("天河", "", "新办学校", "小学", "2026", "", "2"))
    (told,) = await plans(each_office)
    assert "与第 2 行是同一个班" in told["faults"][0]["problem"]


@pytest.mark.parametrize("head", ["学生姓名", "身份证号", "家长电话", "班主任", "学籍号", "Name"])
async def test_a_column_of_persons_refuses_the_whole_file(each_office, lin, head):
    sent = await tried(lin, (*ROWS[0], "陈小明"), head=(*HEAD, head))
    assert sent.status == 422
    assert "像是个人信息" in sent.text
    assert "陈小明" not in sent.text
    assert await plans(each_office) == []


@pytest.mark.parametrize(
    "cell", ["44010620150307123X", "440106 2015 0307 1234", "G440106201503071234", "13800138000"]
)
async def test_a_number_of_a_person_refuses_the_whole_file(each_office, lin, cell):
    sent = await tried(lin, ROWS[0], ("天河区", "", f"甲校{cell}", "小学", "2026", "2", ""))
    assert sent.status == 422
    assert "第 3 行有像身份证号" in sent.text
    assert cell not in sent.text
    assert await plans(each_office) == []


async def test_what_lies_outside_is_refused_row_by_row(office):
    await office.units()
    for number, (area, good) in enumerate(
        ((TIANHE, {2, 3, 4}), (SCHOOL, {2}), (OTHER_SCHOOL, {5}))
    ):
        local = await office.staff(f"local{number}", ("admin", area, ""))
        await tried(local, *ROWS)
        told = (await plans(office))[-1]
        assert {f["row"] for f in told["faults"]} == {2, 3, 4, 5} - good, area
        assert {c["row"] for c in told["changes"]} == good


async def test_a_file_is_its_senders_alone(office):
    await office.units()
    one, other = await office.staff("one", ADMIN), await office.staff("other", ADMIN)
    sent = await tried(one, *ROWS)
    assert (await other.get(sent.location)).status == 404
    assert (await other.post(sent.location)).status == 404


async def test_the_template_comes_back_as_a_roster(office):
    await office.units()
    lin = await office.staff("lin", ADMIN)
    template = await lin.get("/roster/template.xlsx")
    sent = await lin.post("/roster", {"file": ("名册.xlsx", template.body)})
    assert sent.status == 303
    assert (await plans(office))[0]["rows"] == {"new": 1, "same": 0, "broken": 0}


async def test_workbooks_are_read_and_checked_alike(office):
    lin = await office.staff("lin", ADMIN)
    columns = roster_reading.words().columns
    book = xlsx_of(columns, [(*ROWS[1][:2], "44010620150307123X", *ROWS[1][3:])])
    assert "像身份证号" in (await lin.post("/roster", {"file": ("r.xlsx", book)})).text


@given(st.lists(st.lists(st.text(max_size=12), min_size=7, max_size=7), min_size=1, max_size=6))
def test_no_text_breaks_the_reading(rows):
    with contextlib.suppress(InvalidInput):
        lines = roster_reading.read("r.csv", table(*rows), TODAY)
        assert all(line.row >= 2 for line in lines)


def test_the_class_of_the_tests_is_a_cohort():
    assert CLASS.split("/")[-2] == "2024"
