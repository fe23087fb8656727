"""Entries over HTTP: list, filters, pages, the editor with its faults, the preview, the merge."""

from dataclasses import replace

from bot.curation import editing
from tests.bot.curation.conftest import EDITOR, PENCILS, SLOW, pencils

LIST = "/entries"


async def typed(room, given, **changes):
    """Return what the editor's form sends for an entry."""
    return editing.filled(given) | {"ages": list(given.ages)} | changes


async def test_the_list_shows_what_fits_and_counts_it(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    every = await chen.get(LIST)
    assert (every.status, "第 1–" in every.text) == (200, True)
    found = await chen.get(LIST, q="作业 拖拉")
    assert f'href="/console/entries/{SLOW}"' in found.text
    assert "media.phone.buy-phone" not in found.text
    assert "media.phone.buy-phone" in (await chen.get(LIST, topic="media")).text
    assert SLOW not in (await chen.get(LIST, topic="media")).text
    risky = await chen.get(LIST, risk="3")
    assert "emo.low.weeks-of-sadness" in risky.text
    assert SLOW not in risky.text
    assert "没有符合条件的条目" in (await chen.get(LIST, state="draft")).text


async def test_signs_in_a_search_are_letters(room):
    chen = await room.office.staff("chen", EDITOR)
    for sign in ("%", "_", "\\", "'"):
        answer = await chen.get(LIST, q=f"作业{sign}拖拉")
        assert (answer.status, SLOW in answer.text) == (200, True)
    assert "没有符合条件的条目" in (await chen.get(LIST, q="作业%磨蹭拖拉%")).text


async def test_a_long_list_has_pages_that_keep_the_filters(room):
    chen = await room.office.staff("chen", EDITOR)
    row = (await room.office.rows("SELECT * FROM entry WHERE entry = :e", e=SLOW))[0]
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    for n in range(45):
        await room.office.change(
            f"INSERT INTO entry ({names}) VALUES ({values})",
            **(dict(row) | {"entry": f"{SLOW}-{n}"}),
        )
    first = await chen.get(LIST, topic="study.procrastinate")
    assert "/console/entries?topic=study.procrastinate&amp;page=2" in first.text
    second = await chen.get(LIST, topic="study.procrastinate", page="2")
    searched = await chen.get(LIST, topic="study.procrastinate", q="slow", page="2")
    assert f'href="/console/entries/{SLOW}-' in second.text
    assert "第 31–46 条，共 46 条" in searched.text
    beyond = await chen.get(LIST, topic="study.procrastinate", page="999")
    assert beyond.text.count(f'href="/console/entries/{SLOW}') > 0


async def test_a_new_entry_is_a_draft_under_its_id(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    form = await typed(each_room, pencils(await each_room.entry(SLOW)), slug="pencils")
    made = await chen.post("/entries/new", **form)
    assert (made.status, made.location) == (303, f"/console/entries/{PENCILS}?done=entry.created")
    assert (await each_room.row(PENCILS)).state == "draft"
    again = await chen.post("/entries/new", **form)
    assert again.status == 422
    assert "这个编号已有条目使用" in again.text


async def test_faults_stand_beside_their_fields_and_what_was_typed_stays(room):
    chen = await room.office.staff("chen", EDITOR)
    form = await typed(room, await room.entry(SLOW), question="", summary="太长" * 40,
                       sources="没有竖线", slug="不行", successor="明年那条", review_due="昨天",
                       answer="打 {{hotline:99999}} 试试")  # fmt: skip
    refused = await chen.post("/entries/new", **form)
    assert refused.status == 422
    for field in ("question", "summary", "sources", "slug", "successor", "review_due", "answer"):
        assert f'id="f-{field}-fault"' in refused.text, field
    assert "太长" * 40 in refused.text
    assert "没有竖线" in refused.text
    assert await room.office.rows("SELECT entry FROM entry WHERE state = 'draft'") == []


async def test_what_an_entry_leads_to_must_be_there(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    fields = {
        "slug": "pencils",
        "successor": "study.procrastinate.gone",
        "related": f"{SLOW}\nstudy.procrastinate.away",
    }
    form = await typed(each_room, pencils(await each_room.entry(SLOW)), **fields)
    refused = await chen.post("/entries/new", **form)
    assert refused.status == 422
    assert "没有编号是 study.procrastinate.gone 的条目" in refused.text
    assert "没有编号是 study.procrastinate.away 的条目" in refused.text
    made = await chen.post("/entries/new", **form | {"successor": SLOW, "related": SLOW})
    assert made.status == 303
    old = await each_room.row(SLOW)
    broken = await typed(
        each_room, old.entry, revision=old.revision, successor="study.procrastinate.gone"
    )
    assert (await chen.post(f"/entries/{SLOW}", **broken)).status == 422
    assert (await each_room.row(SLOW)).revision == old.revision


async def test_the_preview_shows_the_phone_the_lint_and_who_else_is_hit(room):
    chen = await room.office.staff("chen", EDITOR)
    entry = await room.entry(SLOW)
    theirs = (await room.entry("media.phone.buy-phone")).question
    form = await typed(room, entry, entry=SLOW, answer="太短了。", similar_log=theirs)
    shown = await chen.post("/entries/preview", _headers={"HX-Request": "true"}, **form)
    assert shown.status == 200
    assert "<html" not in shown.text
    assert "太短了。" in shown.text
    assert "the answer has 4 characters" in shown.text
    assert "完全相同" in shown.text


async def test_an_unfinished_form_has_a_preview_all_the_same(room):
    chen = await room.office.staff("chen", EDITOR)
    shown = await chen.post("/entries/preview", _headers={"HX-Request": "true"}, topic="")
    assert (shown.status, "选好主题" in shown.text) == (200, True)


async def test_the_second_of_two_editors_sees_both_texts(each_room, answer):
    chen = await each_room.office.staff("chen", EDITOR)
    huang = await each_room.office.staff("huang", EDITOR)
    old = await each_room.row(SLOW)
    first = await typed(
        each_room, replace(old.entry, answer=answer("甲写的")), revision=old.revision
    )
    second = await typed(
        each_room, replace(old.entry, answer=answer("乙写的")), revision=old.revision
    )
    assert (await chen.post(f"/entries/{SLOW}", **first)).status == 303
    late = await huang.post(f"/entries/{SLOW}", **second)
    assert late.status == 409
    assert "<del>甲" in late.text
    assert "乙写的，大人孩子都累坏了" in late.text  # in a hidden field, to be sent again
    assert f'name="revision" value="{old.revision + 1}"' in late.text
    again = await huang.post(f"/entries/{SLOW}", **(second | {"revision": old.revision + 1}))
    assert again.status == 303
    assert "乙写的" in (await each_room.entry(SLOW)).answer


async def test_the_steps_lead_from_the_draft_to_parents(each_room, answer):
    chen, huang = [await each_room.office.staff(n, EDITOR) for n in ("chen", "huang")]
    row = await each_room.row(SLOW)
    changed = replace(row.entry, answer=answer("一步一步"))
    form = await typed(each_room, changed, revision=row.revision, then="submit")
    assert "entry.submitted" in (await chen.post(f"/entries/{SLOW}", **form)).location
    read = {"revision": (await each_room.row(SLOW)).revision, "comment": ""}
    verdict = await huang.post(f"/entries/{SLOW}/review", verdict="approve", **read)
    assert "entry.approved" in verdict.location
    looked = await huang.post("/publish", entry=[SLOW])
    assert "通过，可以发布" in (await huang.follow(looked)).text
    number = looked.location.rpartition("/")[2]
    assert "publish.done" in (await huang.post(f"/publish/{number}/release", note="")).location
    assert "一步一步" in (await each_room.public())[SLOW]


async def test_a_wording_of_another_entry_is_named_in_the_editor(room):
    chen = await room.office.staff("chen", EDITOR)
    row = await room.row(SLOW)
    theirs = (await room.entry("media.phone.buy-phone")).question
    form = await typed(room, row.entry, similar_log=theirs, revision=row.revision, then="submit")
    refused = await chen.post(f"/entries/{SLOW}", **form)
    assert refused.status == 422
    assert "已经属于条目 media.phone.buy-phone" in refused.text
    assert (await room.row(SLOW)).revision == row.revision


async def test_the_search_over_everything_finds_an_entry_by_a_wording(room):
    chen = await room.office.staff("chen", EDITOR)
    leader = await room.office.staff("leader", ("leader", "", ""))
    assert f"/console/entries/{SLOW}" in (await chen.get("/search", q="拖拉磨蹭")).text
    assert "/console/entries/" not in (await leader.get("/search", q="拖拉磨蹭")).text
