"""The test box: one text, many texts, an answer by its id; nothing is stored, nothing in a URL."""

import json
from dataclasses import replace

import pytest

from bot.curation import trying
from bot.library import candidate, find, record
from knowledge.entry import Asking
from tests.support.asking import KNOWN, NAILS, WORD
from tests.support.office import TIANHE
from tests.support.world import small_base

ENTRY = "study.procrastinate.slow-homework"


@pytest.fixture
async def master(desk_office):
    return await desk_office.staff("master", ("author", "", ""))


async def loaded(parents):
    async with parents.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(parents.rt, connection))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KNOWN, ["直接回答", "达到了直接回答的门槛", "ask_question", "拖拉"]),
        (NAILS[0], ["没答上", "老实说没有答案"]),
        (WORD, ["列出候选"]),
        ("退订", ["指令或寒暄", "unsubscribe:"]),
        ("女儿话唔想活了", ["危机优先", "self_harm.wish_not_to_live"]),
        ("选2", ["选的编号"]),
        ("三年级孩子写作业总是拖拉", ["学段"]),
        ("明天广州下雨吗", ["out_of_scope"]),
        ("🙂", ["没答上"]),
    ],
)
async def test_a_text_shows_its_band_its_rule_and_why(master, text, said):
    answer = await master.post("/try", text=text)
    assert answer.status == 200
    assert [words for words in said if words not in answer.text] == []
    assert 'class="phone"' in answer.text


async def test_nothing_of_a_trial_is_kept(parents, master):
    for text in (KNOWN, NAILS[0], "女儿话唔想活了"):
        await master.post("/try", text=text)
    await master.post("/try/batch", lines=f"{KNOWN}\n{NAILS[0]}")
    for table in ("decision", "missed_question", "alert", "inbox", "conversation"):
        assert await parents.place.rows(f"SELECT * FROM {table}") == []


async def test_an_empty_text_and_a_long_one_are_refused_beside_the_field(master):
    assert (await master.post("/try", text=" ")).status == 422
    assert (await master.post("/try", text="长" * 501)).status == 422
    assert (await master.post("/try/batch", lines="\n".join(["句"] * 201))).status == 422
    assert "最多 200 行" in (await master.post("/try/batch", lines="\n".join(["句"] * 201))).text


async def test_a_list_is_counted_against_what_is_expected(master):
    lines = f"{KNOWN}|{ENTRY}\n{NAILS[0]}|-\n{NAILS[1]}|{ENTRY}\n{WORD}\n退订|-\n孩子\n"
    shown = (await master.post("/try/batch", lines=lines)).text
    assert "3/4 答对" in shown
    assert "直接回答 1" in shown


async def test_an_entry_nobody_has_is_named(master):
    assert "no.such.entry" in (await master.post("/try/batch", lines="孩子|no.such.entry")).text
    answer = await master.post("/try/batch", lines=KNOWN, draft="no.such.entry")
    assert answer.status == 422


async def test_a_draft_is_tried_without_anybody_else_seeing_it(parents, master):
    editor = await parents.place.staff("editor", ("editor", "", ""))
    await parents.ask(*NAILS)
    await parents.collect()
    gap = await parents.gap_of(NAILS[0])
    await editor.post(f"/gaps/{gap}/draft", topic="life.sleep", summary="啃指甲")
    (row,) = await parents.place.rows("SELECT entry FROM gap WHERE entry IS NOT NULL")
    lines = "\n".join(f"{words}|{row['entry']}" for words in NAILS)
    assert "0/2 答对" in (await master.post("/try/batch", lines=lines)).text
    assert "2/2 答对" in (await master.post("/try/batch", lines=lines, draft=row["entry"])).text
    assert find.find(parents.rt, NAILS[0]).band == "decline"


async def given(parents, *said):
    """Say something and return the id of the last answer's record."""
    for words in said:
        await parents.say("mother", words)
    rows = await parents.place.rows("SELECT code FROM decision ORDER BY id")
    return rows[-1]["code"]


async def test_an_answer_is_found_by_its_id_however_it_is_typed(parents, master):
    code = await given(parents, KNOWN, "没用")
    typed = code.lower().replace("0", "o").replace("1", "l")
    assert (await master.get("/answers", code=f" {typed[:4]}-{typed[4:]} ")).location.endswith(code)
    shown = (await master.get(f"/answers/{typed}")).text
    for words in (KNOWN, ENTRY, "没用", "完全相同", "来自内容文件"):
        assert words in shown
    assert parents.asker("mother") not in shown
    assert code in (await master.get("/search", q=typed)).text


@pytest.mark.parametrize("typed", ["abc", "12345678X", "________", "啃指甲啃指甲啃指甲"])
async def test_what_is_no_id_is_said_so(master, typed):
    assert (await master.get("/answers", code=typed)).status == 422
    assert (await master.get("/answers/ZZZZZZZZ")).status == 404


@pytest.mark.parametrize("said", [(KNOWN,), (NAILS[0],), (WORD,), (WORD, "0"), ("exact",)])
async def test_the_same_question_on_the_same_base_is_decided_the_same_to_the_byte(parents, said):
    said = tuple(small_base()[0].question if words == "exact" else words for words in said)
    await given(parents, *said)
    (row,) = await parents.place.rows("SELECT * FROM decision")
    again = record.replay(parents.rt, dict(row))
    assert (again.is_same, again.changed, again.reasons) == (True, [], ())


async def test_after_a_publish_the_replay_tells_what_differs_and_why(parents, master):
    code = await given(parents, NAILS[0])
    entry = next(e for e in small_base() if e.id == ENTRY)
    wider = replace(entry, similar=(*entry.similar, Asking(NAILS[0], "log")))
    made = await candidate.build(parents.rt, [wider])
    async with parents.rt.db.write() as tx:
        await candidate.publish(
            parents.rt, tx, made, origin="console", now=parents.place.clock.now()
        )
    shown = (await master.get(f"/answers/{code}")).text
    assert "现在的结果不同" in shown
    assert "知识库发布过新内容" in shown
    assert ENTRY in shown


async def test_a_number_that_was_picked_has_nothing_to_ask_again(parents, master):
    code = await given(parents, WORD, "1")
    shown = (await master.get(f"/answers/{code}")).text
    assert "没有可以再问的原话" in shown


async def test_an_answer_of_elsewhere_or_of_another_topic_is_not_there(parents, desk_office):
    code = await given(parents, KNOWN)
    for login, held in (("tianhe", ("editor", TIANHE, "")), ("low", ("author", "", "emo"))):
        person = await desk_office.staff(login, held)
        answer = await person.get(f"/answers/{code}")
        assert (answer.status, KNOWN in answer.text) == (404, False)
    own = await desk_office.staff("own", ("author", "", "study"))
    assert (await own.get(f"/answers/{code}")).status == 200


async def test_the_box_is_for_those_who_may_try(desk_office, parents):
    leader = await desk_office.staff("leader", ("leader", "", ""))
    code = await given(parents, KNOWN)
    assert (await leader.post("/try", text=KNOWN)).status == 403
    assert (await leader.get(f"/answers/{code}")).status == 403
    assert f"/answers/{code}" not in (await leader.get("/search", q=code)).text


async def test_a_list_is_tried_as_a_parent_would_be_answered(parents):
    """What the list says agrees with what is recorded for the same words."""
    texts = [KNOWN, NAILS[0], WORD]
    await parents.ask(*texts)
    rows = await parents.place.rows("SELECT band, hits FROM decision ORDER BY id")
    scope = trying.scope_of(parents.rt, None)
    found = trying.many(parents.rt, find.now(parents.rt), scope, texts)
    assert [line.band for line in found] == [r["band"] for r in rows]
    assert [line.entry for line in found] == [json.loads(r["hits"])[0][0] for r in rows]
