"""The page of one's own data: all of it, in a file too, and the same deletion as in the chat."""

import csv
import io
import json
import re
import zipfile

import pytest

from bot.db.base import metadata
from tests.support.asking import NAILS
from tests.support.desk import all_cells

HOMEWORK = "孩子写作业总是拖拉怎么办，他叫小明"


async def full(house, name="mother"):
    """Return a parent of whom every kind of thing is kept."""
    parent = await house.parent(
        HOMEWORK, "有用", NAILS[0], "2", "孩子说不想活了", "2", "转人工", "老师欺负孩子怎么办",
        "退订", "1", name=name,
    )  # fmt: skip
    await house.known(parent)
    return parent


async def kinds(house, path):
    answer = await house.get(f"{path}/file")
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    data = json.loads(archive.read("data.json"))
    return archive, {kind["name"]: kind for kind in data["kinds"]}


async def test_the_page_shows_everything_with_its_time(each_house):
    house = each_house
    parent = await full(house)
    page = await house.get(await house.link(parent))
    assert page.status == 200
    for words in (
        HOMEWORK, NAILS[0], "孩子说不想活了", "老师欺负孩子怎么办", "留 90 天", "留 2 天",
        "没有工作人员打开过您的原话", "安全", "有用", "等答案写好告诉您", "微课提醒",
    ):  # fmt: skip
        assert words in page.text, words
    assert parent.openid not in page.text
    assert house.city.settings.wechat_account_id not in page.text


async def test_the_file_holds_the_same_and_every_kind(each_house):
    house = each_house
    parent = await full(house)
    path = await house.link(parent)
    answer = await house.get(f"{path}/file")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    archive, found = await kinds(house, path)
    assert {f"{n}.csv" for n in found} | {"data.json", "readme.txt"} == set(archive.namelist())
    assert {"messages", "talk", "follower", "links", "decisions", "wishes", "tickets", "lines",
            "alerts", "views", "holds"} <= found.keys()  # fmt: skip
    filled = {name for name, kind in found.items() if kind["rows"]}
    assert {"messages", "talk", "follower", "links", "decisions", "wishes", "tickets", "lines",
            "alerts"} <= filled  # fmt: skip
    assert found["decisions"]["kept_days"] == 90
    asked = [row["您的提问"] for row in found["decisions"]["rows"]]
    assert HOMEWORK in asked
    rows = list(csv.reader(io.StringIO(archive.read("decisions.csv").decode("utf-8-sig"))))
    assert len(rows) == len(asked) + 1
    assert all(kind["title"] in archive.read("readme.txt").decode() for kind in found.values())
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert parent.openid.encode() not in everything


async def test_no_cell_of_the_file_is_a_formula(house):
    parent = await house.parent("=1+1 孩子写作业总是拖拉怎么办")
    archive, _ = await kinds(house, await house.link(parent))
    rows = list(csv.reader(io.StringIO(archive.read("messages.csv").decode("utf-8-sig"))))
    assert [row[2] for row in rows if "=1" in row[2]] == ["'=1+1 孩子写作业总是拖拉怎么办"]


@pytest.mark.parametrize(
    "hostile", ["<img src=x onerror=1>", "{{ 7*7 }}", "</dd><script>x</script>"]
)
async def test_hostile_words_stay_words(house, hostile):
    page = await house.get(await house.link(await house.parent(f"孩子写作业{hostile}怎么办")))
    assert "<script>" not in page.text
    assert "<img src=x" not in page.text
    assert "{{ 7*7 }}" in page.text or "7*7" not in hostile


async def test_who_saw_me_names_role_time_and_reason(house):
    parent = await full(house)
    await house.city.rows("SELECT 1")
    async with house.city.db.write() as tx:
        await tx.exec_driver_sql(
            "INSERT INTO text_access (ticket, staff, reason, asked_at, emergency) "
            "SELECT id, 77, '核对危险情况', opened_at, true FROM ticket"
        )
        await tx.exec_driver_sql(
            "INSERT INTO text_view (staff, ticket, access, role, at) "
            "SELECT 77, ticket, id, 'lead', asked_at FROM text_access"
        )
    page = await house.get(await house.link(parent))
    part = page.text.split('id="looks"')[1].split('id="kept"')[0]
    assert ("核对危险情况" in part, "值班负责人" in part, "77" in part) == (True, True, False)


async def wishes(house, parent):
    rows = await house.rows(
        "SELECT kind, is_given FROM consent WHERE openid = :o ORDER BY id", o=parent.openid
    )
    return {r["kind"]: bool(r["is_given"]) for r in rows}


async def test_the_switches_do_what_the_words_do(each_house):
    house = each_house
    parent = await house.parent()
    await house.known(parent)
    path = await house.link(parent)
    for what, on in (("lessons", "1"), ("events", "1"), ("events", "0"), ("research", "1")):
        answer = await house.post(f"{path}/wishes", what=what, on=on)
        assert (answer.status, answer.headers["Location"]) == (303, f"{path}?done=1")
    assert await wishes(house, parent) == {"lessons": True, "events": False, "research": True}
    assert "已经改好了" in (await house.get(f"{path}?done=1")).text
    await house.post(f"{path}/wishes", what="personal", on="0")
    await house.post(f"{path}/wishes", what="all", on="0")
    off = await house.rows("SELECT reminders_off_at FROM follower")
    assert off[0]["reminders_off_at"]
    assert await house.rows("SELECT 1 FROM guardian WHERE personal_off_at IS NOT NULL")
    page = await house.get(path)
    assert ("现在不按" in page.text, "所有提醒" in page.text) == (True, False)


async def test_deletion_needs_the_word(house):
    parent = await full(house)
    path = await house.link(parent)
    for typed in ("", "确认", "删除", "确认删除吗我想想"):
        answer = await house.post(f"{path}/delete", word=typed)
        assert "什么都没有删" in answer.text
    assert await house.rows("SELECT 1 FROM erasure") == []
    assert len(await house.rows("SELECT 1 FROM decision")) > 1


@pytest.mark.parametrize("typed", ["确认删除", " 确认删除。", "確認刪除"])
async def test_deletion_on_the_page_ends_the_link(house, typed):
    path = await house.link(await full(house))
    done = await house.post(f"{path}/delete", word=typed)
    assert (done.status, "已经删掉了</h1>" in done.text) == (200, True)
    assert (await house.get(path)).status == 404
    assert (await house.post(f"{path}/delete", token="x", word=typed)).status == 404
    rows = await house.rows("SELECT via, held FROM erasure")
    assert [(r["via"], bool(r["held"])) for r in rows] == [("page", False)]


async def test_the_page_deletes_exactly_what_the_chat_does(each_house):
    house = each_house
    on_page, in_chat = await full(house), await full(house, "father")
    path = await house.link(on_page)
    await house.link(in_chat)
    await house.post(f"{path}/delete", word="确认删除")
    await in_chat.says("删除我")
    house.wait(seconds=1)
    assert "已经删掉了" in await in_chat.says("确认删除")
    left = await all_cells(house.city.db)
    for words in ("小明", "拖拉", "啃", "不想活", "欺负"):
        assert words not in left
    assert await counts(house, on_page) == await counts(house, in_chat) | {"inbox": None}


async def counts(house, parent):
    """Return the rows that still name a parent, by table; the chat's own question is one more."""
    found = {"inbox": None}
    for table in metadata.tables.values():
        if "openid" in table.c and table.name != "inbox":
            sql = f"SELECT count(*) AS n FROM {table.name} WHERE openid = :o"
            found[table.name] = (await house.rows(sql, o=parent.openid))[0]["n"]
    return found


async def test_a_ticket_held_by_law_is_named_on_the_page(house):
    parent = await full(house)
    (row,) = await house.rows("SELECT code FROM ticket")
    await house.hold(parent, row["code"])
    path = await house.link(parent)
    assert row["code"] in (await house.get(f"{path}/delete")).text
    done = await house.post(f"{path}/delete", word="确认删除")
    for words in (row["code"], "第三十八条", "人工"):
        assert words in done.text
    assert re.search(r"留到 20\d\d-\d\d-\d\d", done.text)


async def test_of_a_long_list_the_page_shows_the_newest(house, monkeypatch):
    monkeypatch.setattr("bot.profile.data_pages.SHOWN_MOST", 2)
    parent = await house.parent("第一句问拖拉", "第二句问拖拉", "第三句问拖拉")
    page = await house.get(await house.link(parent))
    assert ("第三句" in page.text, "第一句" in page.text) == (True, False)
    assert "这里只列最近 2 条" in page.text


async def test_a_parent_of_whom_nothing_is_left_is_told_so(house):
    parent = await house.parent()
    path = await house.link(parent)
    page = await house.get(path)
    assert "这些现在一条都没有" in page.text
