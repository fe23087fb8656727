"""S8: a case is packed while everybody agrees; one taken back ends it and marks what went out."""

import io
import re
import zipfile

import pytest

from bot.errors import InvalidInput
from bot.week import cases, packing, wall
from tests.bot.week.conftest import OPERATOR
from tests.support.fair import CHEN
from tests.support.office import TIANHE, YUEXIU
from tests.support.samples import picture

CARD = {"title": "放下手机的十分钟", "area": "gz", "who": "一位三年级家长", "what": "每天十分钟",
        "result": "孩子愿意说话了", "evidence": "班主任回访", "brief": "短稿" * 20,
        "full": "长稿" * 100}  # fmt: skip
AGREED = {"name": "陈女士（家长）", "scope": "文字和照片", "given_on": "2027-04-20",
          "proof": "办公室 3 号柜"}  # fmt: skip


async def card(client, **changed):
    done = await client.post("/week/cards/new", **(CARD | changed))
    assert done.status == 303, done.text
    return done.location.removeprefix("/console").partition("?")[0]


async def packed(client, path, source="广州日报"):
    answer = await client.post(f"{path}/export", source=source)
    assert answer.headers["Content-Type"] == "application/zip"
    file = zipfile.ZipFile(io.BytesIO(answer.body))
    return {name: file.read(name) for name in file.namelist()}


@pytest.fixture
async def chen(each_bureau):
    return await each_bureau.staff("chen", OPERATOR)


async def test_a_pack_holds_both_lengths_photos_and_a_link_of_its_own(each_bureau, chen):
    path = await card(chen)
    await chen.post(f"{path}/consents", **AGREED)
    files = {"photo": ("DSC.jpg", picture("JPEG", (2400, 1200), comment=b"secret"))}
    assert (await chen.post(f"{path}/photos", files)).status == 303
    first, second = await packed(chen, path), await packed(chen, path, "抖音")
    assert set(first) == {"title.txt", "text-300.txt", "text-800.txt", "readme.txt",
                          "photos/01.jpg"}  # fmt: skip
    assert b"secret" not in first["photos/01.jpg"]
    text = first["text-300.txt"].decode("utf-8-sig")
    assert text.startswith("放下手机的十分钟\n\n短稿")
    links = [re.search(r"/h/s/(\w{8})", f["text-800.txt"].decode())[1] for f in (first, second)]
    assert links[0] != links[1]
    assert "陈女士" not in str([f.decode("utf-8", "ignore") for f in first.values()])
    page = (await chen.get(path)).text
    assert "广州日报" in page
    assert "抖音" in page
    rows = await each_bureau.rows("SELECT source, link FROM case_pack ORDER BY id")
    assert [(r["source"], r["link"]) for r in rows] == [
        ("广州日报", links[0]), ("抖音", links[1]),
    ]  # fmt: skip


async def test_without_consents_nothing_is_handed_out(chen):
    path = await card(chen)
    refused = await chen.post(f"{path}/export", source="抖音")
    assert (refused.status, "同意清单还不全" in refused.text) == (400, True)
    await chen.post(f"{path}/consents", **AGREED)
    path = await card(chen, full="")
    await chen.post(f"{path}/consents", **AGREED)
    assert "都要写好" in (await chen.post(f"{path}/export", source="抖音")).text


async def test_a_consent_taken_back_empties_the_card_and_marks_the_packs(each_bureau, chen):
    path = await card(chen)
    for name in ("陈女士（家长）", "李老师"):
        await chen.post(f"{path}/consents", **(AGREED | {"name": name}))
    await chen.post(f"{path}/photos", {"photo": ("a.jpg", picture())})
    await packed(chen, path)
    gone = await chen.post(f"{path}/withdrawn", agreement="1")
    assert gone.location.endswith("done=case.withdrawn")
    page = (await chen.get(path)).text
    assert "已收回" in page
    assert "短稿" not in page
    assert "陈女士" not in page
    assert "李老师" in page
    assert (await chen.post(f"{path}/export", source="抖音")).status == 400
    assert list((each_bureau.rt.settings.data / "wall").glob("*")) == []
    (row,) = await each_bureau.rows("SELECT recalled_at FROM case_pack")
    assert row["recalled_at"] is not None
    assert (await chen.post(f"{path}/withdrawn", agreement="1")).status == 404


async def test_a_word_taken_back_while_it_is_packed_wins(bureau, monkeypatch):
    chen = await bureau.staff("chen", OPERATOR)
    path = await card(chen)
    await chen.post(f"{path}/consents", **AGREED)
    actor = await chen.actor()
    real = packing._packed

    def slow(*given):
        import sqlite3

        with sqlite3.connect(bureau.rt.settings.url.split("///")[1]) as other:
            other.execute("UPDATE case_consent SET withdrawn_at = '2027-04-26 01:00:00.000000'")
        return real(*given)

    monkeypatch.setattr(packing, "_packed", slow)
    with pytest.raises(InvalidInput, match="not_green"):
        await packing.pack(bureau.rt, actor, 1, "抖音")
    assert await bureau.rows("SELECT 1 FROM case_pack") == []


async def test_a_story_taken_back_ends_the_case_made_of_it(each_fair):
    fair = each_fair
    await fair.plan()
    _, phone = await fair.phone()
    await fair.send(phone)
    post = await fair.post()
    values = CARD | {"year": 2027, "post": post["id"]}
    async with fair.rt.db.write() as tx:
        number = await cases.put(fair.rt, tx, CHEN, values, None, 1)
        made = await cases.one(tx, CHEN, number)
        await cases.agree(
            fair.rt, tx, CHEN, made, name="陈女士", scope="文字",
            given_on=fair.rt.clock.now().date(), proof="柜子",
        )  # fmt: skip
    await packing.pack(fair.rt, CHEN, number, "抖音")
    await phone.post(f"/h/week/story/{post['code']}/withdraw", page="/h/week/story")
    (row,) = await fair.rows("SELECT what, brief, post FROM case_card")
    assert tuple(row.values()) == ("", "", None)
    (pack,) = await fair.rows("SELECT recalled_at FROM case_pack")
    assert pack["recalled_at"] is not None
    (agreed,) = await fair.rows("SELECT name, withdrawn_at FROM case_consent")
    assert (agreed["name"], agreed["withdrawn_at"] is not None) == ("", True)


async def test_a_parent_who_leaves_ends_the_case_made_of_their_story(each_fair):
    fair = each_fair
    await fair.plan()
    parent, phone = await fair.phone()
    await fair.send(phone)
    values = CARD | {"year": 2027, "post": (await fair.post())["id"]}
    async with fair.rt.db.write() as tx:
        await cases.put(fair.rt, tx, CHEN, values, None, 1)
    await parent.leaves()
    (row,) = await fair.rows("SELECT what, post FROM case_card")
    assert tuple(row.values()) == ("", None)
    assert await wall.forget_files(fair.rt) == 0


@pytest.mark.parametrize("content", [b"<svg/>", b"", b"\xff\xd8\xff\xe0 no"])
async def test_a_file_that_is_no_photo_is_refused(bureau, content):
    chen = await bureau.staff("chen", OPERATOR)
    path = await card(chen)
    answer = await chen.post(f"{path}/photos", {"photo": ("a.jpg", content)})
    assert answer.status == 400
    assert await bureau.rows("SELECT 1 FROM week_photo") == []


async def test_a_card_is_its_districts_own(bureau):
    tianhe = await bureau.staff("tian", ("operator", TIANHE, ""))
    yuexiu = await bureau.staff("yue", ("operator", YUEXIU, ""))
    path = await card(tianhe, area=TIANHE)
    assert (await yuexiu.get(path)).status == 404
    assert (await yuexiu.post(f"{path}/consents", **AGREED)).status == 404
    assert "放下手机" not in (await yuexiu.get("/week/cards")).text
    assert (await yuexiu.post("/week/cards/new", **CARD)).status == 422


async def test_the_slower_of_two_is_told(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    path = await card(chen)
    await chen.post(path, **CARD, revision="1")
    slow = await chen.post(path, **(CARD | {"result": "我写的"}), revision="1")
    assert (slow.status, "别人改过" in slow.text, "我写的" in slow.text) == (422, True, True)
