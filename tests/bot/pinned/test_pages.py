"""The pages of surges and pinned answers, with the forms as they are sent."""

from bot.pinned import watch
from tests.bot.pinned.conftest import ANSWER, PANYU, TIANHE, TOPIC

FORM = {
    "area": PANYU, "topic": TOPIC, "wordings": "学校停课\n是不是要停课", "answer": ANSWER,
    "source": "番禺区教育局通告", "ref": "", "checked": "2026-11-24", "hours": "24",
    "owner": "值班编辑", "surge": "",
}  # fmt: skip


async def test_from_the_first_page_to_an_answer_that_parents_get(room):
    await room.asked(214)
    await watch.watch_surges(room.rt)
    editor = await room.office.staff("editor", ("editor", PANYU, ""))
    home = (await editor.get("/")).text
    assert "214 问" in home
    assert "番禺区" in home
    surge = (await room.office.rows("SELECT id FROM surge"))[0]["id"]
    assert (await editor.get(f"/surges/{surge}")).status == 200
    page = (await editor.get("/pinned/new", surge=surge)).text
    assert f'value="{surge}"' in page
    assert "停课" in page
    saved = await editor.post("/pinned/new", **FORM | {"surge": surge})
    assert saved.status == 303, saved.text
    number = (await room.office.rows("SELECT id FROM pinned_answer"))[0]["id"]
    refused = await editor.post(f"/pinned/{number}/approve", revision=1)
    assert refused.status == 422
    assert "另一位同事" in refused.text
    second = await room.office.staff("second", ("reviewer", PANYU, ""))
    assert "待批准的置顶答复" in (await second.get("/")).text
    approved = await second.post(f"/pinned/{number}/approve", revision=1)
    assert approved.status == 303, approved.text
    assert ANSWER in (await editor.get(f"/pinned/{number}")).text
    missing = await editor.post(f"/pinned/{number}/withdraw", note="")
    assert missing.status == 422
    done = await editor.post(f"/pinned/{number}/withdraw", note="更正")
    assert done.status == 303
    assert "已撤下：更正" in (await editor.get(f"/pinned/{number}")).text


async def test_assigning_and_closing_a_surge(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    editor = await room.office.staff("editor", ("editor", PANYU, ""))
    surge = (await room.office.rows("SELECT id FROM surge"))[0]["id"]
    assert (await editor.post(f"/surges/{surge}/assign", person="99999")).status == 422
    assert (await editor.post(f"/surges/{surge}/assign", person=editor.id)).status == 303
    assert "处理中" in (await editor.get("/surges")).text
    assert (await editor.post(f"/surges/{surge}/close", note="")).status == 422
    assert (await editor.post(f"/surges/{surge}/close", note="已辟谣")).status == 303
    assert "没有突发热议" in (await editor.get("/surges")).text
    assert "番禺" in (await editor.get("/surges", state="closed")).text


async def test_a_wrong_form_keeps_what_was_typed(room):
    editor = await room.office.staff("editor", ("editor", PANYU, ""))
    for wrong in (
        {"area": TIANHE}, {"area": "city"}, {"hours": "169"}, {"hours": "0"}, {"source": ""},
        {"wordings": ""}, {"topic": "nothing"}, {"checked": "x"}, {"surge": "x"},
    ):  # fmt: skip
        answer = await editor.post("/pinned/new", **FORM | wrong)
        assert answer.status == 422, wrong
        assert ANSWER in answer.text
    foreign = await editor.post("/pinned/new", **FORM | {"surge": "77"})
    assert foreign.status == 404
    assert await room.office.rows("SELECT id FROM pinned_answer") == []


async def test_who_was_slower_loses_nothing(room):
    number = await room.drafted()
    editor = await room.office.staff("editor", ("editor", PANYU, ""))
    first = await editor.post(f"/pinned/{number}", **FORM, revision=1)
    assert first.status == 303, first.text
    late = await editor.post(f"/pinned/{number}", **FORM | {"owner": "另一位"}, revision=1)
    assert late.status == 422
    assert "另一位" in late.text
