"""The audit log in the console: filtered, in its scope, checked, and saved without formulas."""

import csv
import io

import pytest

from bot.console import audit
from tests.support.office import TIANHE, YUEXIU


@pytest.fixture
async def told(each_office):
    """The office, an administrator, and rows of two districts."""
    admin = await each_office.staff("admin", ("admin", "", ""))
    chen = await (await each_office.staff("chen", ("privacy", TIANHE, ""))).actor()
    async with each_office.rt.db.write() as tx:
        for n, area in enumerate((TIANHE, YUEXIU, "")):
            await audit.note(
                each_office.rt, tx, chen, ("unit.renamed", "staff.closed", "login.done")[n],
                f"thing:{n}", area=area, before={"name": f"旧{n}"}, after={"name": "=1"}, why="改",
            )  # fmt: skip
    return each_office, admin


async def test_the_newest_stands_first_with_before_and_after(told):
    _, admin = told
    page = (await admin.get("/audit")).text
    assert page.index("thing:2") < page.index("thing:1") < page.index("thing:0")
    assert "<del>旧0</del>" in page
    assert "原因：改" in page
    assert "单位改名" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"who": "CHEN"}, {0, 1, 2}),
        ({"who": "nobody"}, set()),
        ({"action": "staff.closed"}, {1}),
        ({"target": "gz/yuexiu"}, {1}),
        ({"target": "thing:0"}, {0}),
        ({"target": "%"}, set()),
        ({"since": "2026-11-24", "until": "2026-11-24"}, {0, 1, 2}),
        ({"since": "2026-11-25"}, set()),
        ({"until": "2026-11-23"}, set()),
        ({"since": "nonsense", "page": "99999"}, {0, 1, 2}),
    ],
)
async def test_the_filters_narrow_the_list(told, query, shown):
    _, admin = told
    page = (await admin.get("/audit", **query)).text
    assert {n for n in range(3) if f"旧{n}" in page} == shown


async def test_a_district_sees_and_saves_its_own_rows_alone(told):
    office, _ = told
    local = await office.staff("local", ("privacy", TIANHE, ""))
    for page in (await local.get("/audit"), await local.get("/audit", target="thing")):
        assert "旧0" in page.text
        assert "旧1" not in page.text
        assert "旧2" not in page.text
    saved = await local.post("/audit/export")
    assert "thing:0" in saved.text
    assert "thing:1" not in saved.text
    assert (await local.post("/audit/verify")).status == 403
    assert "校验链条" not in (await local.get("/audit")).text


async def test_the_check_says_whole_and_then_where_it_breaks(told):
    office, admin = told
    whole = await admin.post("/audit/verify")
    assert "链完整，共 3 条。" in whole.text
    await office.change("UPDATE audit SET login = 'liu' WHERE number = 2")
    broken = await admin.post("/audit/verify")
    assert "链在 #2 断开" in broken.text


async def test_the_export_holds_no_formula_and_is_noted(told):
    office, admin = told
    await office.change("UPDATE audit SET target = '=cmd|x' WHERE number = 2")
    saved = await admin.post("/audit/export?who=chen")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="audit-2026-11-24.csv"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    head, *rows = csv.reader(io.StringIO(saved.body.decode("utf-8-sig")))
    assert head[:3] == ["序号", "时间", "登录名"]
    assert [row[4] for row in rows] == ["thing:2", "'=cmd|x", "thing:0"]
    (last,) = await office.rows("SELECT action, detail FROM audit WHERE number = 4")
    assert (last["action"], last["detail"]) == ("audit.exported", '{"rows": 3}')


async def test_a_row_that_was_made_unreadable_is_still_shown(told):
    office, admin = told
    await office.change("UPDATE audit SET detail = 'not json' WHERE number = 1")
    assert "thing:0" in (await admin.get("/audit")).text


async def test_a_long_log_has_pages(told):
    office, admin = told
    async with office.rt.db.write() as tx:
        for n in range(40):
            await audit.note(office.rt, tx, None, "login.failed", f"try:{n}")
    assert "共 43 条" in (await admin.get("/audit")).text
    assert "thing:0" in (await admin.get("/audit", page="2")).text
