"""The golden questions over HTTP: found, written, put aside, and asked all at once."""

import json

import pytest

from bot.curation import publishing
from tests.bot.curation.conftest import EDITOR, PENCILS, SLOW

ASKED = "娃写个作业能磨到半夜"


async def newest(room):
    return (await room.office.rows("SELECT * FROM golden_question ORDER BY id DESC LIMIT 1"))[0]


async def test_a_question_is_added_found_and_gates_the_next_publish(each_room, answer):
    chen = await each_room.office.staff("chen", EDITOR)
    assert (await chen.post("/golden/new", text=ASKED, expected=[SLOW, ""])).status == 303
    row = await newest(each_room)
    assert (row["source"], row["topic"], json.loads(row["expected"])) == (
        "console", "study.procrastinate", [SLOW],
    )  # fmt: skip
    for found in ({"q": "磨到半夜"}, {"topic": "study", "source": "console"}, {"kind": "golden"}):
        assert ASKED in (await chen.get("/golden", active="on", **found)).text
    for missing in ({"q": "别的"}, {"topic": "media"}, {"kind": "outside"}, {"active": "off"}):
        assert ASKED not in (await chen.get("/golden", **missing)).text
    judge = await each_room.person("huang")
    await each_room.approved(judge, judge, SLOW, answer=answer("考一考"))
    run = await each_room.run(await each_room.tries(judge, SLOW))
    own = len((await each_room.entry(SLOW)).askings())
    assert json.loads(run.report)["by_kind"]["golden"][0] == own + await _asked(each_room)


async def _asked(room):
    rows = await room.office.rows("SELECT expected FROM golden_question WHERE active")
    return sum(r["expected"] != "[]" for r in rows)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"text": "", "expected": SLOW}, "text"),
        ({"text": ASKED, "expected": ""}, "expected"),
        ({"text": ASKED, "expected": SLOW, "outside": "1"}, "expected"),
        ({"text": ASKED, "expected": "study.procrastinate.no-such"}, "expected"),
        ({"text": "家" * 301, "expected": SLOW}, "text"),
    ],
)
async def test_faults_stand_beside_their_field(room, fields, beside):
    chen = await room.office.staff("chen", EDITOR)
    refused = await chen.post("/golden/new", **fields)
    assert (refused.status, f'id="f-{beside}-fault"' in refused.text) == (422, True)


async def test_the_same_question_is_asked_once(room):
    chen = await room.office.staff("chen", EDITOR)
    assert (await chen.post("/golden/new", text=ASKED, outside="1")).status == 303
    again = await chen.post("/golden/new", text=ASKED, expected=SLOW)
    assert (again.status, "已有一道相同的题" in again.text) == (422, True)


async def test_a_changed_question_of_a_file_becomes_the_curators_own(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    row = (await each_room.office.rows(
        "SELECT id, text FROM golden_question WHERE topic = 'study.procrastinate' ORDER BY id"
    ))[0]  # fmt: skip
    saved = await chen.post(f"/golden/{row['id']}", text=row["text"] + "呀", expected=SLOW)
    assert saved.status == 303
    old = await each_room.office.rows(
        "SELECT active, source FROM golden_question WHERE id = :n", n=row["id"]
    )
    assert (bool(old[0]["active"]), old[0]["source"]) == (False, "file")
    mine = await newest(each_room)
    assert (mine["text"], mine["source"]) == (row["text"] + "呀", "console")
    await chen.post(f"/golden/{mine['id']}", text="再改", outside="1")
    assert (await newest(each_room))["id"] == mine["id"]


async def test_a_question_is_put_aside_and_woken(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    await chen.post("/golden/new", text=ASKED, expected=SLOW)
    number = (await newest(each_room))["id"]
    for value, active in (("0", False), ("1", True)):
        await chen.post(f"/golden/{number}/active", active=value)
        assert bool((await newest(each_room))["active"]) is active
    noted = await each_room.office.rows("SELECT action FROM audit WHERE action LIKE 'golden.%'")
    assert [r["action"] for r in noted] == ["golden.added", "golden.rested", "golden.woken"]


async def test_entries_are_suggested_by_what_is_typed(room):
    chen = await room.office.staff("chen", EDITOR)
    found = await chen.get("/golden/entries", expected="作业 拖拉")
    assert f'<option value="{SLOW}">' in found.text
    assert "media.phone" not in found.text
    assert "<option" not in (await chen.get("/golden/entries", expected="")).text


async def test_the_base_is_asked_everything_and_compared_with_last_time(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    assert "还没有跑过" in (await chen.get("/golden/run")).text
    await chen.post("/golden/run")
    first = await chen.get("/golden/run")
    assert "第一次的成绩" in first.text
    assert "学习" in first.text
    await publishing.retire(each_room.rt, await each_room.person("huang"), SLOW, "试试")
    assert "上一版内容的成绩" in (await chen.get("/golden/run")).text
    await chen.post("/golden/run")
    report = json.loads((await each_room.office.rows(
        "SELECT report FROM golden_run ORDER BY id DESC LIMIT 1"
    ))[0]["report"])  # fmt: skip
    assert {SLOW} == {e for case in report["worse"] for e in case["expected"]}
    assert report["compared"] == len(report["outcomes"])
    assert "变差" in (await chen.get("/golden/run")).text


async def test_who_may_not_edit_sees_and_changes_nothing(room):
    await room.office.units()
    number = (await newest(room))["id"]
    reader = await room.office.staff("reader", ("reviewer", "", ""))
    assert (await reader.get("/golden")).status == 200
    shown = await reader.get(f"/golden/{number}")
    assert (shown.status, "data-guard" in shown.text) == (200, False)
    assert (await reader.post("/golden/new", text=ASKED, outside="1")).status == 403
    assert (await reader.post("/golden/run")).status == 403
    local = await room.office.staff("tianhe", ("editor", "gz/tianhe", ""))
    refused = await local.post("/golden/new", text=ASKED, expected=SLOW)
    assert (refused.status, "不在您的权限内" in refused.text) == (422, True)


async def test_a_topic_sees_its_own_questions(room):
    author = await room.office.staff("author", ("editor", "", "media"))
    other = (await room.office.rows(
        "SELECT id FROM golden_question WHERE topic = 'study.procrastinate' LIMIT 1"
    ))[0]["id"]  # fmt: skip
    assert (await author.get(f"/golden/{other}")).status == 404
    assert (await author.post(f"/golden/{other}/active", active="0")).status == 404
    listed = await author.get("/golden", topic="study")
    assert "没有符合条件的考题" in listed.text


async def test_an_unknown_entry_is_no_answer(room):
    chen = await room.office.staff("chen", EDITOR)
    refused = await chen.post("/golden/new", text=ASKED, expected=PENCILS)
    assert (refused.status, "有的编号没有条目" in refused.text) == (422, True)
