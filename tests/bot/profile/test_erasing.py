"""Deletion leaves a proof that names nobody; what the law keeps is said, why and until when."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.people.families import holds
from bot.wechat import events
from tests.support import world
from tests.support.desk import FATHER, MOTHER

TICKET = "ABCDEFGH1234"


async def hold(desk, who=MOTHER, *, days=180, lifted=False, ticket=TICKET):
    now = desk.clock.now()
    row = {
        "account": world.ACCOUNT, "openid": who, "ticket": ticket, "reason": "abuse",
        "placed_at": now, "until": now + timedelta(days=days), "lifted_at": now if lifted else None,
    }  # fmt: skip
    async with desk.rt.db.write() as tx:
        await tx.execute(insert(holds).values(row))


async def proofs(desk):
    rows = await desk.rows("SELECT * FROM erasure ORDER BY id")
    return [(r["via"], bool(r["held"])) for r in rows]


async def test_the_proof_names_nobody(each_desk):
    desk = each_desk
    await desk.says("孩子写作业总是拖拉怎么办")
    await desk.says("删除我")
    assert await proofs(desk) == []
    await desk.says("确认删除")
    await desk.gets(desk.event(events.Unsubscribe, who=FATHER))
    assert await proofs(desk) == [("chat", False), ("unfollow", False)]
    rows = await desk.rows("SELECT * FROM erasure")
    assert set(rows[0]) == {"id", "at", "via", "held"}


async def test_what_the_law_keeps_is_said_before_and_after(each_desk):
    desk = each_desk
    await hold(desk)
    await hold(desk, days=30, ticket="OTHER0000000")
    asked = await desk.says("删除我")
    assert asked.startswith("先说明：工单 ABCDEFGH1234 OTHER0000000 ")
    assert "确认删除" in asked
    told = await desk.says("确认删除")
    for words in ("第三十八条", "2027-05-23", TICKET, "谁看过我", "人工", "35 天"):
        assert words in told
    assert await proofs(desk) == [("chat", True)]
    assert len(await desk.rows("SELECT 1 FROM legal_hold")) == 2


@pytest.mark.parametrize("how", [{"lifted": True}, {"days": -1}, {"who": FATHER}])
async def test_a_hold_that_has_ended_or_is_of_another_keeps_nothing(each_desk, how):
    desk = each_desk
    await hold(desk, **how)
    assert await desk.says("删除我") == desk.rt.say("delete_me")
    assert await desk.says("确认删除") == desk.rt.say("delete_me", "done")
    assert await proofs(desk) == [("chat", False)]


async def test_consents_and_links_stay_without_their_parent(each_desk):
    desk = each_desk
    desk.rt.settings = desk.rt.settings.model_copy(update={"public_url": "https://a.cn"})
    for who in (MOTHER, FATHER):
        await desk.says("退订", who=who)
        await desk.says("1", who=who)
        await desk.says("我的资料", who=who)
    await desk.says("删除我")
    await desk.says("确认删除")
    for table in ("consent", "parent_link"):
        rows = await desk.rows(f"SELECT account, openid FROM {table} ORDER BY openid")
        assert [tuple(r.values()) for r in rows] == [("", ""), (world.ACCOUNT, FATHER)]


async def test_what_was_agreed_to_in_the_same_batch_goes_as_well(each_desk):
    desk = each_desk
    await desk.says("退订")
    await desk.says("删除我")
    await desk.says("退订")
    await desk.gets(desk.words("1"), desk.words("删除我"), desk.words("确认删除"))
    assert [r["openid"] for r in await desk.rows("SELECT openid FROM consent")] == [""]
