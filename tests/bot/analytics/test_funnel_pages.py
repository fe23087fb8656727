"""The funnel on the console: who sees which unit, in which order, and the same as a file."""

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert

from bot.analytics import funnel_job
from bot.school.learner_tables import enrolments
from tests.bot.analytics.test_funnel import parents, taken
from tests.support import families, school
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, YUEXIU

FUNNEL = "/dashboard/funnel"


@pytest.fixture
async def office(office):
    await office.units()
    await school.publish(office.rt, "homework-rhythm")
    here = parents(60, CLASS, "a", wants=("lessons",))
    there = parents(40, "", "b", scene=f"unit:{OTHER_SCHOOL}")
    everywhere = parents(30, "", "c")
    everybody = [*here, *there, *everywhere]
    await families.write(office.rt.db, everybody)
    async with office.rt.db.write() as tx:
        rows = [taken(one, finished=n % 2 == 0) for n, one in enumerate([*here[:40], *there[:20]])]
        await tx.execute(insert(enrolments), rows)
    await funnel_job.count_funnel(office.rt)
    return office


def table(page, title):
    """Return the cells of a table of the page, row by row."""
    found = re.search(rf'aria-label="{title}">\s*<table.*?</table>', page, re.DOTALL)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    return [
        [re.sub(r"<[^>]*>", "", c) for c in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
        for row in rows
    ]


async def test_each_number_stands_beside_its_base_and_how_it_is_worked_out(office):
    leader = await office.staff("shi", ("leader", "", ""))
    page = (await leader.get(FUNNEL)).text
    steps = {row[0]: row[1:4] for row in table(page, "走到哪一步")[1:]}
    assert steps["关注"] == ["130", "", ""]
    assert steps["开始学习"] == ["60", "46.2%", "同意服务"]
    assert steps["学完课程"] == ["30", "50.0%", "开始学习"]
    assert page.count("怎么算的") >= 3
    assert "没有班级的数，也没有任何家长的名单" in page


async def test_districts_stand_in_the_order_of_the_tree_and_lead_to_their_schools(office):
    leader = await office.staff("shi", ("leader", "", ""))
    page = (await leader.get(FUNNEL)).text
    assert [row[0] for row in table(page, "下一级单位")[1:4]] == ["越秀区", "海珠区", "荔湾区"]
    assert f"unit={TIANHE.replace('/', '%2F')}" in page or f"unit={TIANHE}" in page
    street = (await leader.get(FUNNEL, unit=f"{TIANHE}/shifan")).text
    (one,) = table(street, "下一级单位")[1:]
    assert one[:2] == ["示范一小", "60"]
    assert "3班" not in (await leader.get(FUNNEL, unit=SCHOOL)).text


async def test_courses_are_told_for_the_city_and_its_districts_alone(office):
    leader = await office.staff("shi", ("leader", "", ""))
    rows = table((await leader.get(FUNNEL)).text, "按品牌和课程")
    title = school.course().title
    assert rows[1:] == [
        [school.course().programme, "合计", "60", "30", "50.0%"],
        [school.course().programme, title, "60", "30", "50.0%"],
    ]
    assert title in (await leader.get(FUNNEL, unit=TIANHE)).text
    assert title not in (await leader.get(FUNNEL, unit=SCHOOL)).text


@pytest.mark.parametrize("path", [CLASS, f"{SCHOOL}/2024", "gz/nowhere", "x" * 300])
async def test_a_class_and_what_does_not_exist_are_not_found(office, path):
    leader = await office.staff("shi", ("leader", "", ""))
    assert (await leader.get(FUNNEL, unit=path)).status == 404


async def test_a_district_sees_its_own_units_alone(office):
    tianhe = await office.staff("tian", ("operator", TIANHE, ""))
    page = (await tianhe.get(FUNNEL)).text
    assert "示范街" in page
    assert "越秀区" not in page
    for other in ("gz", YUEXIU, OTHER_SCHOOL):
        assert (await tianhe.get(FUNNEL, unit=other)).status == 404
        answer = await tianhe.post(f"{FUNNEL}/export", unit=other, format="csv")
        assert answer.status == 404
    assert (await tianhe.get(FUNNEL, unit=SCHOOL)).status == 200


async def test_a_class_or_a_topic_is_no_place_to_see_it_from(office):
    of_class = await office.staff("ban", ("leader", CLASS, ""))
    of_topic = await office.staff("timu", ("editor", TIANHE, "study"))
    for one in (of_class, of_topic):
        assert "没有可以显示的单位" in (await one.get(FUNNEL)).text
    assert (await of_topic.get(FUNNEL, unit=TIANHE)).status == 404
    assert (await of_class.get(FUNNEL, unit=CLASS)).status == 404


async def test_a_file_holds_what_the_screen_shows_and_who_took_it_is_noted(office):
    operator = await office.staff("yun", ("operator", "", ""))
    page = (await operator.get(FUNNEL)).text
    got = await operator.post(f"{FUNNEL}/export", unit="gz", format="csv")
    rows = list(csv.reader(io.StringIO(got.body.decode("utf-8-sig"))))
    for title in ("走到哪一步", "下一级单位", "按品牌和课程"):
        for row in table(page, title):
            assert row in rows
    book = CalamineWorkbook.from_filelike(
        io.BytesIO((await operator.post(f"{FUNNEL}/export", unit="gz", format="xlsx")).body)
    )
    sheets = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    assert any(row[:2] == ["关注", 130.0] for rows in sheets for row in rows)
    noted = await office.rows("SELECT action FROM audit WHERE action = 'funnel.export'")
    assert len(noted) == 2


async def test_who_may_only_look_takes_no_file(office):
    leader = await office.staff("shi", ("leader", "", ""))
    assert "导出" not in (await leader.get(FUNNEL)).text.split("<main")[1]
    assert (await leader.post(f"{FUNNEL}/export", unit="gz", format="csv")).status == 403


async def test_before_the_first_count_the_page_says_so(office):
    await office.change("DELETE FROM funnel_figure")
    leader = await office.staff("shi", ("leader", "", ""))
    page = (await leader.get(FUNNEL)).text
    assert "还没有统计" in page
    assert "导出" not in page.split("<main")[1]
