"""The dashboard: who sees it, what it asks, and the same figures as a file."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from bot.analytics import jobs
from bot.clock import day
from tests.support.figures import crisis, fill, many, noon


@pytest.fixture
async def board(each_office):
    """An office whose city has asked: 60 in Tianhe, 40 in Yuexiu, 4 in Conghua, 30 unknown."""
    office = each_office
    await office.units()
    at = noon(office.clock.now(), 1)
    asked = [("gz/tianhe", 60), ("gz/yuexiu", 40), ("gz/conghua", 4), ("", 30)]
    for area, count in asked:
        await fill(office.rt, *many(count, at, area=area, feedback=1))
    await fill(office.rt, *many(20, at, band="decline"), crises=[crisis(at, n) for n in range(3)])
    await jobs.count_days(office.rt)
    return office


def asked(page):
    """Return the headline of the page."""
    return re.search(
        r'stat-label">.{0,400}?提问</span>\s*<span class="stat-value">([^<]+)', page, re.DOTALL
    )[1]


async def test_the_city_sees_all_and_a_district_its_own(board):
    city = await board.staff("shi", ("leader", "", ""))
    tianhe = await board.staff("tian", ("leader", "gz/tianhe", ""))
    assert asked((await city.get("/dashboard")).text) == "154"
    page = (await tianhe.get("/dashboard")).text
    assert asked(page) == "60"
    assert "越秀区" not in page


async def test_a_district_that_is_not_ones_own_is_no_choice(board):
    tianhe = await board.staff("tian", ("leader", "gz/tianhe", ""))
    for other in ("gz/yuexiu", "gz/nowhere", "gz/tianhe/shifan"):
        answer = await tianhe.get("/dashboard", district=other)
        assert answer.status == 422
        assert "chart" not in answer.text.split("<main")[1]


async def test_who_may_not_see_it_is_refused(board):
    agent = await board.staff("agent", ("agent", "", ""))
    assert (await agent.get("/dashboard")).status == 403
    assert "/console/dashboard" not in (await agent.get("/")).text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"days": "own"}, "请填写这一项"),
        ({"days": "own", "from": "2026-02-30", "to": "2026-11-20"}, "这样的格式"),
        ({"days": "own", "from": "2026-11-20", "to": "2026-12-20"}, "不能晚于今天"),
        ({"days": "own", "from": "2026-11-20", "to": "2026-11-22"}, "至少选 7 天"),
        ({"days": "own", "from": "2020-11-20", "to": "2026-11-22"}, "最多选 366 天"),
        ({"days": "8"}, "请从列出的选项中选择"),
        ({"stage": "x' OR 1=1"}, "请从列出的选项中选择"),
    ],
)
async def test_a_wrong_choice_is_named_beside_its_field(board, query, message):
    city = await board.staff("shi", ("leader", "", ""))
    answer = await city.get("/dashboard", **query)
    assert (answer.status, message in answer.text) == (422, True)


async def test_a_period_of_ones_own(board):
    city = await board.staff("shi", ("leader", "", ""))
    today = day(board.clock.now())
    chosen = {"days": "own", "from": str(today - timedelta(days=9)), "to": str(today)}
    answer = await city.get("/dashboard", **chosen)
    assert (answer.status, asked(answer.text)) == (200, "154")


async def test_an_empty_city_says_so(each_office):
    city = await each_office.staff("shi", ("leader", "", ""))
    answer = await city.get("/dashboard")
    assert (answer.status, "没有可以显示的提问" in answer.text) == (200, True)


async def test_every_chart_says_how_and_has_its_figures_as_a_table(board):
    city = await board.staff("shi", ("leader", "", ""))
    page = (await city.get("/dashboard")).text
    charts = page.count('class="chart"')
    assert charts >= 5
    assert page.count("怎么算的") == page.count("看数据表") == charts
    options = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert all(json.loads(option)["series"] for option in options)


def numbers(rows):
    return [
        [str(c).removesuffix(".0") for c in row if str(c)] for row in rows if any(map(str, row))
    ]


async def test_the_files_hold_what_the_screen_shows(board):
    worker = await board.staff("yun", ("operator", "", ""))
    page = (await worker.get("/dashboard")).text
    table = re.sub(r"<[^>]+>", "\n", page.split('id="chart-districts"')[1].split("</table>")[0])
    shown = [cell.strip().replace("&lt;", "<") for cell in table.split("\n") if cell.strip()]
    sent = await worker.post("/dashboard/export", format="csv")
    rows = list(csv.reader(io.StringIO(sent.body.decode("utf-8-sig"))))
    at = rows.index(["按区"])
    flat = [cell for row in rows[at + 2 : at + 14] for cell in row]
    assert shown[-len(flat) :] == flat
    book = await worker.post("/dashboard/export", format="xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.body))
    assert numbers(sheets.get_sheet_by_name("按区").to_python()) == numbers(rows[at : at + 14])


async def test_a_file_is_saved_not_shown_and_noted(board):
    worker = await board.staff("yun", ("operator", "gz/tianhe", ""))
    sent = await worker.post("/dashboard/export", format="xlsx", days="7", district="gz/tianhe")
    assert sent.headers["Content-Disposition"] == (
        'attachment; filename="dashboard-2026-11-18-2026-11-24.xlsx"'
    )
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    (noted,) = await board.rows("SELECT * FROM audit WHERE action = 'dashboard.export'")
    assert (noted["login"], noted["area"]) == ("yun", "gz/tianhe")
    assert "2026-11-18" in noted["detail"]


async def test_a_leader_looks_and_takes_nothing_away(board):
    leader = await board.staff("shi", ("leader", "", ""))
    assert "导出" not in (await leader.get("/dashboard")).text
    assert (await leader.post("/dashboard/export", format="csv")).status == 403


@pytest.mark.parametrize(
    "fields", [{"format": "exe"}, {"format": "csv", "district": "gz/yuexiu"}, {}]
)
async def test_a_wrong_export_sends_no_file(board, fields):
    worker = await board.staff("yun", ("operator", "gz/tianhe", ""))
    answer = await worker.post("/dashboard/export", **fields)
    assert (answer.status, "Content-Disposition" in answer.headers) == (422, False)
    assert await board.rows("SELECT * FROM audit WHERE action = 'dashboard.export'") == []


async def test_the_right_to_export_one_district_is_not_that_for_all(board):
    both = ("operator", "gz/tianhe", ""), ("leader", "", "")
    worker = await board.staff("yun", *both)
    assert (await worker.post("/dashboard/export", format="csv")).status == 403
    own = await worker.post("/dashboard/export", format="csv", district="gz/tianhe")
    assert own.status == 200


async def test_the_first_page_shows_the_week(board):
    city = await board.staff("shi", ("leader", "", ""))
    page = (await city.get("/")).text
    assert "近 7 天提问" in page
    assert ">154<" in page
