"""A link opens its own parent's page, for an hour; a key made up, old or erased opens nothing."""

import hashlib
import re
from datetime import timedelta

import pytest

from bot.h5 import links
from bot.people.families import Person
from tests.support import world
from tests.support.desk import FATHER, MOTHER

KEY = re.compile(r"[0-9a-f]{40}")
TOLD = "链接打不开了"


def key_of(path):
    return path.rpartition("/")[2]


async def test_the_link_is_random_to_look_at_and_kept_as_its_hash_alone(each_house):
    house = each_house
    parent = await house.parent()
    key = key_of(await house.link(parent))
    assert KEY.fullmatch(key)
    (row,) = await house.rows("SELECT * FROM parent_link")
    assert row["key"] == hashlib.sha256(key.encode()).hexdigest()
    assert (row["account"], row["openid"], row["purpose"]) == (world.ACCOUNT, parent.openid, "data")
    assert row["uses"] == 0
    made, ends = (str(row[name])[:19] for name in ("made_at", "expires_at"))
    assert made != ends


async def test_a_retry_of_the_platform_is_answered_with_the_same_link(house):
    parent = await house.parent()
    first = await house.link(parent)
    push = parent.deliveries[-1]
    assert await house.link(parent) != first
    assert push.verdict.reply["Content"].count(first) == 1
    assert len(await house.rows("SELECT 1 FROM parent_link")) == 2


async def test_it_opens_for_an_hour_and_counts(each_house):
    house = each_house
    path = await house.link(await house.parent("孩子写作业总是拖拉怎么办"))
    assert (await house.get(path)).status == 200
    house.wait(minutes=59, seconds=50)
    assert (await house.get(path)).status == 200
    house.wait(seconds=20)
    late = await house.get(path)
    assert (late.status, TOLD in late.text) == (404, True)
    assert [r["uses"] for r in await house.rows("SELECT uses FROM parent_link")] == [2]


@pytest.mark.parametrize(
    "key",
    ["0" * 40, "f" * 40, "0" * 39, "0" * 41, "A" * 40, "%00" * 40, "x", "'or'1'='1", "好"],
)
async def test_a_key_made_up_opens_nothing(house, key):
    await house.link(await house.parent())
    answer = await house.get(f"/h/data/{key}")
    assert answer.status == 404
    assert "我的数据</h1>" not in answer.text


async def test_every_page_of_a_link_needs_it(house):
    wrong = f"/h/data/{'0' * 40}"
    for path in (wrong, f"{wrong}/file", f"{wrong}/delete"):
        answer = await house.get(path)
        assert (answer.status, TOLD in answer.text) == (404, True)
    for path in (f"{wrong}/wishes", f"{wrong}/delete"):
        answer = await house.post(path, token="0" * 64, word="确认删除", what="all", on="0")
        assert (answer.status, TOLD in answer.text) == (404, True)


async def test_a_new_link_ends_the_one_before(each_house):
    house = each_house
    parent = await house.parent()
    old = await house.link(parent)
    new = await house.link(parent, "导出")
    assert (await house.get(old)).status == 404
    assert (await house.get(new)).status == 200


async def test_two_parents_have_their_own(each_house):
    house = each_house
    mother = await house.parent("孩子写作业总是拖拉怎么办，他叫小明")
    father = await house.parent("孩子沉迷手机游戏怎么办，她叫小红", name="father")
    of_mother = await house.get(await house.link(mother))
    of_father = await house.get(await house.link(father))
    assert ("小明" in of_mother.text, "小红" in of_mother.text) == (True, False)
    assert ("小明" in of_father.text, "小红" in of_father.text) == (False, True)


async def test_a_token_of_another_link_changes_nothing(house):
    mother, father = await house.parent(), await house.parent(name="father")
    page = await house.get(await house.link(father))
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.text)[1]
    path = await house.link(mother)
    for given in (token, "", "0" * 64):
        answer = await house.post(f"{path}/delete", token=given, word="确认删除")
        assert (answer.status, "请重新打开" in answer.text) == (403, True)
    assert await house.rows("SELECT 1 FROM erasure") == []


async def test_a_form_sent_from_another_site_is_refused(house):
    path = await house.link(await house.parent())
    page = await house.get(path)
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.text)[1]
    sent = {"token": token, "what": "all", "on": "0"}
    headers = {"Sec-Fetch-Site": "cross-site"}
    refused = await house.send("POST", f"{path}/wishes", data=sent, headers=headers)
    assert refused.status == 403
    # browsers send `Origin: null` with our own forms under no-referrer
    taken = await house.send("POST", f"{path}/wishes", data=sent, headers={"Origin": "null"})
    assert taken.status == 303


async def test_a_link_that_is_used_without_end_ends(house, monkeypatch):
    monkeypatch.setattr(links, "USES_MAX", 3)
    path = await house.link(await house.parent())
    assert [(await house.get(path)).status for _ in range(4)] == [200, 200, 200, 404]


async def test_without_an_address_no_link_is_given(desk):
    assert links.page(desk.rt, "privacy") == ""
    told = await desk.says("我的资料")
    assert "<a" not in told
    assert "编号" in told
    assert "人工" in await desk.says("导出")
    assert await desk.rows("SELECT 1 FROM parent_link") == []


async def test_a_page_for_everybody_can_open_in_large_type(house):
    rt = type("R", (), {"settings": house.city.settings})
    assert links.page(rt, "privacy") == "https://bot.example.cn/h/privacy"
    assert links.page(rt, "privacy", big=True) == "https://bot.example.cn/h/privacy?big=1"


async def test_whose_an_expired_link_was_is_forgotten_and_the_row_after_a_year(each_desk):
    desk = each_desk
    desk.rt.settings = desk.rt.settings.model_copy(update={"public_url": "https://a.cn"})
    person: Person = (world.ACCOUNT, MOTHER)

    async def tidy():
        async with desk.rt.db.write() as tx:
            return await links.tidy(tx, desk.clock.now())

    await desk.says("我的资料")
    desk.clock.turn(minutes=30)
    await desk.says("我的资料", who=FATHER)
    desk.clock.turn(minutes=31)
    assert await tidy() == 1
    assert [r["openid"] for r in await desk.rows("SELECT openid FROM parent_link")] in (
        ["", FATHER],
        [FATHER, ""],
    )
    assert person[1] not in [r["openid"] for r in await desk.rows("SELECT openid FROM parent_link")]
    desk.clock.turn(days=links.COUNTED_DAYS - 1)
    await tidy()
    assert len(await desk.rows("SELECT 1 FROM parent_link")) == 2
    desk.clock.turn(days=2)
    await tidy()
    assert await desk.rows("SELECT 1 FROM parent_link") == []


async def test_two_wishes_in_one_batch_both_get_a_link_that_works(each_desk):
    desk = each_desk
    desk.rt.settings = desk.rt.settings.model_copy(update={"public_url": "https://a.cn"})
    await desk.gets(desk.words("我的资料"), desk.words("导出"))
    now = desk.clock.now() + timedelta(minutes=1)
    ends = await desk.rows("SELECT expires_at FROM parent_link")
    assert len(ends) == 2
    assert all(str(r["expires_at"]) > str(now.replace(tzinfo=None)) for r in ends)
