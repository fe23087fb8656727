"""A new outline is tried, taken in and mapped anew; what parents learned stays as it was."""

import re
from html import unescape

from sqlalchemy import insert

from bot.courses import mapping, syllabus
from bot.courses.mapping import Point
from bot.school.learner_tables import evidence
from bot.spreadsheet.writing import xlsx_of
from tests.support import school

EDITOR = ("editor", "", "")
GOOD = (
    "编号,学段,要点,主题\n1.1,小学,作业有节奏,study.procrastinate 注意力\n"
    "X,初中,还没有课,teen.risk\n"
)
BAD = "编号,学段,要点,主题\n1.1,小学,作业,study.nothing\n1.1,大学,,\n"


async def learned(academy):
    async with academy.rt.db.write() as tx:
        await tx.execute(insert(evidence).values(
            account="a", openid="o", kind="lesson", about="lesson:homework-rhythm/01-start-time",
            subject="homework-rhythm/01-start-time", title="几点开始写", minutes=3, way="chat",
            at=academy.office.clock.now(),
        ))  # fmt: skip
    return await academy.office.rows("SELECT * FROM learning_evidence")


async def test_a_table_is_tried_and_taken_in(each_academy):
    before = await learned(each_academy)
    chen = await each_academy.office.staff("chen", EDITOR)
    tried = await chen.post(
        "/syllabus/import", {"file": ("要点.csv", GOOD.encode())}, outline="2027"
    )
    assert (tried.status, "每一行都可以导入" in tried.text) == (200, True)
    assert await each_academy.office.rows("SELECT * FROM syllabus_point") == []
    kept = unescape(re.search(r'name="points" value="([^"]*)"', tried.text)[1])
    taken = await chen.post("/syllabus/take", outline="2027", points=kept)
    assert taken.location == "/console/syllabus?outline=2027&done=syllabus.taken"
    page = (await chen.follow(taken)).text
    assert "作业有节奏" in page
    assert page.count("空缺") >= 1
    pairs = await each_academy.office.rows("SELECT code, lesson FROM syllabus_lesson")
    assert {p["code"] for p in pairs} == {"1.1"}
    about = {one.name for one in school.course().lessons
             if one.topic in ("study.procrastinate", "study.focus")}  # fmt: skip
    assert {p["lesson"] for p in pairs} == about
    assert await each_academy.office.rows("SELECT * FROM learning_evidence") == before


async def test_every_fault_of_a_table_names_row_and_column(academy):
    chen = await academy.office.staff("chen", EDITOR)
    tried = await chen.post("/syllabus/import", {"file": ("a.csv", BAD.encode())}, outline="2027")
    for said in ("没有“study.nothing”这个主题", "没有“大学”这个学段", "第 3 行"):
        assert said in tried.text
    assert "syllabus/take" not in tried.text
    refused = await chen.post("/syllabus/import", {"file": ("a.csv", b"x,y\n1,2\n")}, outline="B!")
    assert (refused.status, "只用小写字母" in refused.text) == (422, True)
    forged = await chen.post("/syllabus/take", outline="2027", points='[{"code": "1"}]')
    assert forged.status in {400, 422}
    assert await academy.office.rows("SELECT * FROM syllabus_point") == []


async def test_a_workbook_of_points_comes_back(academy):
    chen = await academy.office.staff("chen", EDITOR)
    async with academy.rt.db.write() as tx:
        await syllabus.keep(tx, "2027", [Point("A1", "kinder", "睡觉", ("life.sleep",))])
    book = (await chen.get("/syllabus/points.xlsx", outline="2027")).body
    tried = syllabus.read("a.xlsx", book)
    assert tried.points == (Point("A1", "kinder", "睡觉", ("life.sleep",)),)
    named = xlsx_of(syllabus.columns(), [["B", "幼儿园", "睡觉", "睡眠"]])
    assert syllabus.read("b.xlsx", named).points[0].topics == ("life.sleep",)


async def test_a_district_does_not_change_the_outline(academy):
    own = await academy.office.staff("own", ("editor", "gz/tianhe", ""))
    assert (await own.get("/syllabus")).status == 200
    assert (await own.post("/syllabus/take", outline="2027", points="[]")).status == 403


def test_the_citys_outline_comes_before_the_provisional_one():
    names = [("draft-2026", 1), ("2027", 1), ("2029", 1)]
    names.sort(reverse=True)
    found = sorted(names, key=lambda pair: pair[0].startswith(syllabus.PROVISIONAL))
    assert [name for name, _ in found] == ["2029", "2027", "draft-2026"]


def test_a_course_that_names_a_point_covers_it():
    from dataclasses import replace

    course = replace(school.course(), points=("Z",))
    every = [one.name for one in course.lessons]
    assert list(mapping.covers(course, Point("Z", "senior", "x", ()))) == every
    assert list(mapping.covers(course, Point("Y", "senior", "x", ("study.focus",)))) == []
