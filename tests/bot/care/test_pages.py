"""Numbers that are phoned, texts that are signed, holds that are lifted."""

import pytest

from bot.care import text_names
from bot.delivery import incidents
from bot.handoff import erasing
from bot.ops import watch
from bot.safety import lines, signing, words
from bot.wechat import events

CRY = "孩子说不想活了"
ABUSE = "有人正在打孩子，快打死了"


async def open_keys(counter):
    await watch.look_near(counter.office.rt)
    async with counter.office.rt.db.read() as tx:
        return await incidents.open_keys(tx)


async def test_an_overdue_number_falls_out_at_once_and_is_an_incident(counter):
    assert "12356" in await counter.says(CRY)
    counter.pass_time(days=31)
    first = await counter.says(CRY)
    second = await counter.says("1")
    for told in (first, second):
        assert "120" in told
        assert "110" in told
        assert "1235" not in told
        assert "12338" not in told
    assert "hotlines.overdue" in await open_keys(counter)


async def test_phoned_today_counts_with_the_next_message(counter):
    counter.pass_time(days=31)
    lead = await counter.lead()
    assert "已过期" in (await lead.get("/hotlines")).text
    done = await lead.post("/hotlines/12356/reviewed")
    assert done.location.endswith("done=hotlines.done")
    told = await counter.says(CRY)
    assert "12356" in told
    assert "12355" not in await counter.says("1")
    assert (await lead.post("/hotlines/12348/reviewed")).status == 404  # never verified
    for number in ("12355", "12338", "12345", "119", "122"):
        await lead.post(f"/hotlines/{number}/reviewed")
    assert "hotlines.overdue" not in await open_keys(counter)


async def test_another_process_takes_it_over_with_its_next_crisis(counter):
    rt = counter.office.rt
    counter.pass_time(days=31)
    await (await counter.lead()).post("/hotlines/12356/reviewed")
    lines.put(rt, {})  # as a process that has not heard of it
    assert "hotline_12356" not in lines.numbers(rt)
    assert "12356" in await counter.says(CRY)


def test_the_card_has_hours_and_no_number_twice(desk):
    card = words.card(desk.rt, "self_harm").split("\n")
    assert card[1:3] == ["110 报警（24 小时）", "120 急救（24 小时）"]
    assert len(card) == len(set(card))


async def test_texts_wait_for_a_clinician_and_a_lawyer(counter):
    lead = await counter.lead()
    assert "texts.unsigned" in await open_keys(counter)
    page = (await lead.get("/crisis-texts")).text
    assert "first.self_harm.other.3" in page
    assert "follow_up.ask" in page
    names = list(signing.texts())
    person = {"name": "王医生", "office": "某医院心理科主任医师"}
    done = await lead.post("/crisis-texts", text=names, kind="clinician", **person)
    assert done.location.endswith("done=texts.done"), done.text
    again = await lead.post("/crisis-texts", text=names[:1], kind="lawyer", **person)
    assert (again.status, "不同的人" in again.text) == (422, True)
    other = {"name": "李律师", "office": "某律师事务所"}
    await lead.post("/crisis-texts", text=names[1:], kind="lawyer", **other)
    async with counter.office.rt.db.read() as tx:
        assert await signing.unsigned(tx) == 1
    await lead.post("/crisis-texts", text=names[:1], kind="lawyer", **other)
    assert "texts.unsigned" not in await open_keys(counter)
    assert "王医生" in (await lead.get("/crisis-texts", tab="signed")).text


async def test_the_texts_of_one_kind_of_danger_are_signed_together(one_counter):
    lead = await one_counter.lead()
    page = (await lead.get("/crisis-texts")).text
    assert "第一条回复 · 对孩子说 · 现在" in page
    assert "号码卡片的标题" in page
    assert "{hotline_" not in page
    person = {"name": "王医生", "office": "某医院心理科主任医师", "kind": "clinician"}
    done = await lead.post("/crisis-texts", group=["abuse"], text=["wrong"], **person)
    assert done.location.endswith("done=texts.done"), done.text
    signed = {row["text"] for row in await one_counter.rows("SELECT text FROM signoff")}
    ours = {t for t in signing.texts() if text_names.group_of(t) == "abuse"}
    assert len(ours) > 10
    assert signed == ours | {"wrong"}
    again = await lead.post("/crisis-texts", group=["abuse"], **person)
    assert (again.status, "一整组" in again.text) == (422, True)
    unknown = await lead.post("/crisis-texts", group=["abuses"], **person)
    assert unknown.status == 422


async def test_a_changed_text_needs_both_anew(one_counter, monkeypatch):
    lead = await one_counter.lead()
    for kind, name in (("clinician", "王医生"), ("lawyer", "李律师")):
        await lead.post(
            "/crisis-texts", text=list(signing.texts()), kind=kind, name=name, office="x"
        )
    changed = {**signing.texts(), "wrong": "好的。"}
    monkeypatch.setattr(signing, "texts", lambda: changed)
    async with one_counter.office.rt.db.read() as tx:
        assert await signing.unsigned(tx) == 1
    assert "文字已改，失效" in (await lead.get("/crisis-texts")).text


@pytest.mark.parametrize("missing", ["name", "office", "text", "kind"])
async def test_a_signature_says_who_and_for_what(one_counter, missing):
    lead = await one_counter.lead()
    fields = {"text": ["wrong"], "kind": "lawyer", "name": "李律师", "office": "某律师事务所"}
    del fields[missing]
    assert (await lead.post("/crisis-texts", **fields)).status == 422
    assert await one_counter.rows("SELECT 1 FROM signoff") == []


async def test_a_hold_is_lifted_with_a_reason_and_the_deletion_goes_on(counter):
    privacy = await counter.office.staff("privacy", ("privacy", "", ""))
    lead = await counter.lead()
    await counter.says(ABUSE)
    await counter.desk.gets(counter.desk.event(events.Unsubscribe))
    (hold,) = await counter.rows("SELECT * FROM legal_hold")
    page = (await lead.get("/holds")).text
    assert "留存中" in page
    assert "提前解除" not in page
    assert (await lead.post(f"/holds/{hold['id']}/lift", reason="律师意见")).status == 403
    short = await privacy.post(f"/holds/{hold['id']}/lift", reason="好")
    assert short.status == 422
    done = await privacy.post(f"/holds/{hold['id']}/lift", reason="律师 2026-11-24 书面意见")
    assert done.location.endswith("done=holds.done"), done.text
    assert (
        await privacy.post(f"/holds/{hold['id']}/lift", reason="律师 2026 书面意见")
    ).status == 400
    assert await erasing.finish_erasing(counter.office.rt) == 1
    (ticket,) = await counter.rows("SELECT openid FROM ticket")
    assert ticket["openid"] == ""
    rows = await counter.rows("SELECT detail FROM audit WHERE action = 'holds.lifted'")
    assert "书面意见" in rows[0]["detail"]
