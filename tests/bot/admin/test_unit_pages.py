"""The organisation in the console: look down the tree, add, rename, put away, see September."""

import pytest

from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, YUEXIU


@pytest.fixture
async def admin(each_office):
    await each_office.units()
    return await each_office.staff("admin", ("admin", "", ""))


@pytest.fixture
async def local(office):
    """An administrator of Tianhe alone."""
    await office.units()
    return await office.staff("local", ("admin", TIANHE, ""))


async def names(office, path):
    found = await office.rows("SELECT name FROM unit WHERE path LIKE :p ORDER BY id", p=f"{path}%")
    return [r["name"] for r in found]


async def test_the_way_down_from_the_city_to_a_class(admin):
    city = await admin.get("/units")
    assert "越秀区" in city.text
    school = await admin.get("/units", path=SCHOOL)
    assert "三年级" in school.text
    one = await admin.get("/units", path=CLASS)
    assert "<title>三年级3班" in one.text
    assert f'href="/console/units?path={TIANHE}"' in one.text
    found = await admin.get("/units", q="东山")
    assert "东山一小" in found.text
    assert "越秀区 / 东山一小" in found.text


async def test_a_district_begins_at_home_and_sees_nothing_else(local):
    home = await local.get("/units")
    assert "<title>天河区" in home.text
    assert "广州市" not in home.text
    assert "越秀" not in home.text
    for path in ("gz", YUEXIU, OTHER_SCHOOL, "gz/nowhere"):
        assert (await local.get("/units", path=path)).status == 404
    assert "东山" not in (await local.get("/units", q="小")).text
    assert "示范一小" in (await local.get("/units", q="小")).text


async def test_a_school_a_grade_and_its_classes_are_added(each_office, admin):
    school = {"parent": YUEXIU, "kind": "school", "name": "海印小学", "stage": "primary"}
    done = await admin.post("/units/new", **school, slug="haiyin")
    assert (done.status, done.location) == (
        303, "/console/units?path=gz%2Fyuexiu%2Fhaiyin&done=unit.added",
    )  # fmt: skip
    path = f"{YUEXIU}/haiyin"
    await admin.post("/units/new", parent=path, kind="grade", entry_year="2026")
    await admin.post("/units/new", parent=f"{path}/2026", kind="class", number="1", last="4")
    assert await names(each_office, path) == ["海印小学", "2026级", "1班", "2班", "3班", "4班"]
    assert "一年级4班" in (await admin.get("/units", path=f"{path}/2026/4")).text
    noted = await each_office.rows("SELECT target, area FROM audit WHERE action = 'unit.added'")
    assert len(noted) == 6
    assert (noted[0]["target"], noted[0]["area"]) == (f"unit:{path}", path)


async def test_without_a_code_a_node_is_numbered(office, local):
    for name in ("甲校", "乙校"):
        await local.post(
            "/units/new", parent=TIANHE, kind="school", name=name, stage="junior", slug=""
        )
    rows = await office.rows("SELECT path FROM unit WHERE name IN ('甲校', '乙校') ORDER BY id")
    assert [r["path"] for r in rows] == [f"{TIANHE}/school-2", f"{TIANHE}/school-3"]


async def test_a_school_of_several_stages_asks_for_the_stage_of_a_grade(office, local):
    await local.post(
        "/units/new", parent=TIANHE, kind="school", name="学校", stage="joint", slug="joint"
    )
    path = f"{TIANHE}/joint"
    for stage in ("primary", "junior"):
        fields = {"parent": path, "kind": "grade", "entry_year": "2026", "stage": stage}
        assert (await local.post("/units/new", **fields)).status == 303
    assert "一年级" in (await local.get("/units", path=path)).text
    assert "初一" in (await local.get("/units", path=path)).text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kind": "school", "name": "", "stage": "primary"}, "请填写这一项"),
        ({"kind": "school", "name": "x", "stage": "nothing"}, "请从列出的选项中选择"),
        ({"kind": "school", "name": "x", "stage": "primary", "slug": "A B"}, "代码只用小写字母"),
        ({"kind": "street", "name": "x", "slug": "shifan"}, "已有人使用"),
        ({"kind": "class", "number": "1"}, "这一级下面不能放这种单位"),
        ({"kind": "street", "name": "x" * 81}, "最多 80 个字"),
    ],
)
async def test_a_wrong_field_is_named_and_what_was_typed_stays(local, fields, fault):
    answer = await local.post("/units/new", parent=TIANHE, **fields)
    assert answer.status == 422
    assert fault in answer.text


async def test_nothing_is_changed_outside_or_by_who_only_reads(office, local):
    reader = await office.staff("reader", ("editor", "", ""))
    before = await office.rows("SELECT * FROM unit ORDER BY id")
    for who, status in ((local, 404), (reader, 403)):
        for path, fields in (
            ("/units/new", {"parent": YUEXIU, "kind": "street", "name": "x"}),
            ("/units/rename", {"path": OTHER_SCHOOL, "name": "x"}),
            ("/units/archive", {"path": OTHER_SCHOOL}),
        ):
            assert (await who.post(path, **fields)).status == status
    assert (await local.get("/units/new", parent=YUEXIU)).status == 404
    assert await office.rows("SELECT * FROM unit ORDER BY id") == before


async def test_a_school_is_renamed_and_a_grade_is_not(each_office, admin):
    done = await admin.post("/units/rename", path=SCHOOL, name="示范第一小学")
    assert done.status == 303
    assert "示范第一小学" in (await admin.follow(done)).text
    refused = await admin.post("/units/rename", path=f"{SCHOOL}/2024", name="x")
    assert refused.status == 400
    assert "不能改名" in refused.text
    (row,) = await each_office.rows("SELECT detail FROM audit WHERE action = 'unit.renamed'")
    assert "示范一小" in row["detail"]
    assert "示范第一小学" in row["detail"]


async def test_a_school_is_put_away_with_its_classes_and_comes_back(each_office, admin):
    put_away = await admin.post("/units/archive", path=SCHOOL)
    assert put_away.location.endswith("done=unit.archived")
    assert "这个单位已停用" in (await admin.get("/units", path=CLASS)).text
    assert (await admin.post("/units/archive", path=CLASS)).status == 400
    back = await admin.post("/units/archive", path=SCHOOL)
    assert back.location.endswith("done=unit.restored")
    assert "这个单位已停用" not in (await admin.get("/units", path=CLASS)).text
    assert (await admin.post("/units/archive", path="gz")).status == 400


async def test_below_what_is_put_away_nothing_is_added(admin):
    await admin.post("/units/archive", path=SCHOOL)
    fields = {"parent": SCHOOL, "kind": "grade", "entry_year": "2026"}
    assert (await admin.post("/units/new", **fields)).status == 403


async def test_next_september_is_shown_before_it_comes(each_office, admin):
    page = await admin.get("/units/next-year", path=TIANHE)
    assert "2027 年 9 月" in page.text
    assert "三年级" in page.text
    assert "<strong>四年级</strong>" in page.text
    each_office.clock.turn(days=400)
    later = await admin.office.logged_in(admin.id)
    assert "<strong>五年级</strong>" in (await later.get("/units/next-year", path=TIANHE)).text


async def test_the_search_finds_places_and_people_inside_alone(office, local):
    await office.account("near", ("editor", TIANHE, ""), name="示范老师")
    await office.account("far", ("editor", YUEXIU, ""), name="示范同事")
    found = (await local.get("/search", q="示范")).text
    assert "示范一小" in found
    assert "示范老师" in found
    assert "示范同事" not in found
    assert "东山" not in (await local.get("/search", q="东山")).text.replace("“东山”", "").replace(
        'value="东山"', ""
    )
