"""Files of the directory: a dry run that adds up, faults by row and column, nothing lost."""

import json

from bot.directory.words import words
from bot.spreadsheet import reading as tables
from bot.spreadsheet.limits import Limits
from bot.spreadsheet.writing import csv_of, xlsx_of
from tests.bot.directory.conftest import EDITOR
from tests.support.office import TIANHE

HEADS = words().columns
GOOD = {
    "name": "棠下家庭教育服务站",
    "kind": "家庭教育服务站",
    "district": "天河区",
    "street": "棠下街道",
}


def sheet(rows, write=csv_of):
    return write(HEADS, ([row.get(c.field, "") for c in HEADS] for row in rows))


async def sends(who, content, name="名录.csv"):
    answer = await who.post("/directory-imports", {"file": (name, content)})
    assert answer.status == 303, answer.text
    return answer.location.removeprefix("/console")


async def told(office, path):
    number = int(path.rpartition("/")[2])
    rows = await office.rows("SELECT plan FROM place_import WHERE id = :n", n=number)
    return json.loads(rows[0]["plan"])


async def test_rows_with_faults_are_told_and_the_others_taken(each_bureau):
    chen = await each_bureau.staff("chen", EDITOR)
    rows = [GOOD | {"name": f"第{n}服务站"} for n in range(60)]
    rows[7] |= {"district": "深圳"}
    rows[9] |= {"lat": "23.1"}
    path = await sends(chen, sheet(rows))
    plan = await told(each_bureau, path)
    assert plan["counts"] == {"new": 58, "changed": 0, "same": 0, "broken": 2}
    assert [(f["row"], f["column"]) for f in plan["faults"]] == [(9, "区"), (11, "纬度")]
    before = await each_bureau.rows("SELECT count(*) AS n FROM place")
    assert before[0]["n"] == 12
    page = await chen.get(path)
    assert "导入 58 条" in page.text
    assert "第 9 行" in page.text
    assert (await chen.post(path)).location == f"/console{path}?done=directory.taken"
    after = await each_bureau.rows("SELECT count(*) AS n FROM place WHERE status = 'unverified'")
    assert after[0]["n"] == 70
    await chen.post(path)  # a second click does nothing
    again = await each_bureau.rows("SELECT count(*) AS n FROM place")
    assert again[0]["n"] == 70


async def test_the_file_of_faults_can_be_mended_and_brought_back(bureau):
    chen = await bureau.staff("chen", EDITOR)
    path = await sends(chen, sheet([GOOD, GOOD | {"name": "", "note": "=1+1"}]))
    faulty = (await chen.get(f"{path}/faults.xlsx")).body
    rows = list(tables.table("f.xlsx", faulty, Limits()))
    assert len(rows) == 2
    assert rows[1][-2:] == ["名称", "不能空。"]
    again = await sends(chen, faulty, "faults.xlsx")
    assert (await told(bureau, again))["counts"]["broken"] == 1


async def test_what_is_exported_and_imported_is_the_same(each_bureau):
    chen = await each_bureau.staff("chen", EDITOR)
    await chen.post(await sends(chen, sheet([GOOD | {"phones": "020-12345678", "lat": "23.13",
                                                     "lng": "113.38"}])))  # fmt: skip
    for kind in ("csv", "xlsx"):
        file = await chen.get(f"/directory/exports/places.{kind}")
        path = await sends(chen, file.body, f"places.{kind}")
        counts = (await told(each_bureau, path))["counts"]
        assert counts == {"new": 0, "changed": 0, "same": 13, "broken": 0}, kind


async def test_a_known_name_in_its_district_is_changed_and_keeps_the_rest(bureau):
    chen = await bureau.staff("chen", EDITOR)
    await chen.post(await sends(chen, sheet([GOOD | {"phones": "020-12345678"}])))
    few = "名称,类别,区,开放时间\n棠下家庭教育服务站,家庭教育服务站,天河区,周末\n"
    path = await sends(chen, few.encode())
    assert (await told(bureau, path))["counts"]["changed"] == 1
    await chen.post(path)
    rows = await bureau.rows("SELECT phones, hours FROM place WHERE name = :n", n=GOOD["name"])
    assert [tuple(row.values()) for row in rows] == [("020-12345678", "周末")]


async def test_one_code_or_one_name_twice_is_told(bureau):
    chen = await bureau.staff("chen", EDITOR)
    rows = [GOOD | {"code": "a"}, GOOD | {"code": "a", "name": "乙"}, GOOD | {"code": "b"}]
    faults = (await told(bureau, await sends(chen, sheet(rows))))["faults"]
    assert [(f["row"], f["column"]) for f in faults] == [(3, "编号"), (4, "名称")]


async def test_a_district_takes_in_its_own_rows_only(bureau):
    local = await bureau.staff("local", ("editor", TIANHE, ""))
    rows = [
        GOOD,
        GOOD | {"name": "甲", "district": "越秀区"},
        GOOD | {"code": "yuexiu-center", "name": "乙"},
    ]
    plan = await told(bureau, await sends(local, sheet(rows, xlsx_of), "名录.xlsx"))
    assert plan["counts"] == {"new": 1, "changed": 0, "same": 0, "broken": 2}
    assert [f["column"] for f in plan["faults"]] == ["区", "编号"]


async def test_a_row_somebody_changed_meanwhile_is_left(bureau):
    chen = await bureau.staff("chen", EDITOR)
    row = {"code": "tianhe-center", "name": "天河区家庭教育指导中心", "kind": "center",
           "district": "天河区", "hours": "周末"}  # fmt: skip
    path = await sends(chen, sheet([row]))
    await bureau.change("UPDATE place SET revision = 2 WHERE code = 'tianhe-center'")
    await chen.post(path)
    assert (await told(bureau, path))["conflicts"] == [2]
    assert "第 2 行" in (await chen.get(path)).text


async def test_a_file_as_a_whole_is_refused_in_a_sentence(bureau):
    chen = await bureau.staff("chen", EDITOR)
    for name, content, words_said in (
        ("名录.pdf", b"%PDF", "不认识的文件类型"),
        ("名录.csv", b"", "没有内容"),
        ("名录.csv", "名称,类别\n甲,专家\n".encode(), "表头缺少：区"),
        ("名录.csv", "名称,类别,区,年龄\n".encode(), "表头“年龄”不认识"),
        ("名录.csv", "名称,类别,区\n".encode(), "没有内容"),
    ):
        answer = await chen.post("/directory-imports", {"file": (name, content)})
        assert answer.status == 422
        assert words_said in answer.text, name
