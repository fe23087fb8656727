"""The pages of gaps: what is shown to whom, what is refused, and where a click leads."""

import pytest

from tests.support.asking import BIKE, NAILS, WORD
from tests.support.office import TIANHE, YUEXIU

ENTRY = "study.procrastinate.slow-homework"


@pytest.fixture
async def two(parents):
    """The numbers of two gaps: biting nails in Tianhe and Yuexiu, a bicycle's chain nowhere."""
    await parents.ask(*NAILS, *BIKE)
    await parents.collect()
    await parents.live_in(TIANHE, NAILS[0])
    await parents.live_in(YUEXIU, NAILS[1])
    return await parents.gap_of(NAILS[0]), await parents.gap_of(BIKE[0])


@pytest.fixture
async def editor(desk_office):
    return await desk_office.staff("editor", ("editor", "", ""), name="陈编辑")


async def decisions(parents):
    rows = await parents.place.rows("SELECT decision, text FROM gap_question")
    return {r["text"]: r["decision"] for r in rows}


async def test_the_list_shows_questions_people_and_districts(editor, two):
    shown = (await editor.get("/gaps")).text
    assert "<strong>2</strong> 问 · 2 人 · 2 区" in shown
    assert "↑ 2" in shown


async def test_filters_and_tabs(editor, two):
    assert BIKE[0] not in (await editor.get("/gaps", q="指甲")).text
    assert "没有符合条件" in (await editor.get("/gaps", state="solved")).text
    assert "没有符合条件" in (await editor.get("/gaps", topic="life")).text
    assert "没有符合条件" in (await editor.get("/gaps", mine="1")).text
    assert (await editor.get("/gaps", state="nonsense", sort="nonsense")).status == 200


async def test_a_district_s_page_shows_its_own_question_and_no_other(desk_office, two):
    tianhe = await desk_office.staff("tianhe", ("editor", TIANHE, ""))
    shown = (await tianhe.get(f"/gaps/{two[0]}")).text
    assert NAILS[0] in shown
    assert NAILS[1] not in shown + (await tianhe.get("/gaps", state="all")).text
    assert NAILS[1] not in (await tianhe.get("/search", q="指甲")).text
    assert "没有找到" in (await tianhe.get("/search", q="改不掉")).text
    assert (await tianhe.get(f"/gaps/{two[1]}")).status == 404
    assert BIKE[0] not in (await tianhe.get("/gaps", state="all")).text
    assert BIKE[0] not in (await tianhe.get("/search", q="自行车")).text
    refused = await tianhe.post(f"/gaps/{two[0]}/dismiss", why="x")
    assert refused.status == 422
    assert "管理范围以外的提问" in refused.text


async def test_who_asked_is_on_no_page(parents, editor, two):
    for path in ("/gaps", f"/gaps/{two[0]}"):
        shown = (await editor.get(path)).text
        assert parents.openid("parent0") not in shown
        assert parents.asker("parent0") not in shown


async def test_a_question_is_text_and_never_markup(parents, editor):
    await parents.ask("孩子啃指甲<script>alert(1)</script>怎么办")
    await parents.collect()
    (gap,) = await parents.gaps()
    for path in ("/gaps", f"/gaps/{gap}"):
        assert "<script>alert" not in (await editor.get(path)).text


async def test_dismissing_without_a_reason_is_said_beside_the_field(editor, two):
    answer = await editor.post(f"/gaps/{two[0]}/dismiss", why=" ")
    assert answer.status == 422
    assert "请填写" in answer.text or "必填" in answer.text


async def test_dismiss_and_reopen(editor, two):
    done = await editor.post(f"/gaps/{two[1]}/dismiss", why="修车不归我们管")
    shown = (await editor.follow(done)).text
    assert "已忽略：修车不归我们管" in shown
    await editor.post(f"/gaps/{two[1]}/reopen")
    assert (await editor.get("/gaps")).text.count("/console/gaps/") >= 2


async def test_a_merged_gap_leads_to_where_its_questions_are(editor, two):
    nails, bike = two
    await editor.post(f"/gaps/{nails}/merge", into=str(bike))
    assert (await editor.get(f"/gaps/{nails}")).location == f"/console/gaps/{bike}"


async def test_assigning(desk_office, editor, two):
    master = await desk_office.staff("master", ("author", "", ""), name="林老师")
    await editor.post(f"/gaps/{two[0]}/assign", person=str(master.id), topic="life.sleep")
    assert "林老师" in (await editor.get(f"/gaps/{two[0]}")).text
    assert f"/gaps/{two[0]}" in (await master.get("/gaps", state="assigned", mine="1")).text
    assert "分给我的未答问题" in (await master.get("/")).text


async def test_what_a_phrase_hits_is_shown_before_it_is_added(parents, editor, two):
    number = (await decisions(parents))[NAILS[0]]
    looked = await editor.post(f"/gaps/{two[0]}/look", question=str(number), entry=ENTRY)
    assert looked.status == 200
    assert NAILS[0] in looked.text
    assert f"「{NAILS[1]}」" not in looked.text
    assert await parents.place.rows("SELECT * FROM entry WHERE state = 'draft'") == []
    done = await editor.post(f"/gaps/{two[0]}/attach", question=[str(number)], entry=ENTRY)
    assert done.location.startswith(f"/console/gaps/{two[0]}")
    (row,) = await parents.place.rows("SELECT content FROM entry WHERE state = 'draft'")
    assert NAILS[0] in row["content"]
    assert NAILS[1] not in row["content"]


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("look", {"entry": ENTRY}, "请至少选一种问法"),
        ("look", {"question": "1", "other": "nobody.knows.this"}, "没有这个条目"),
        ("link", {"other": "nobody.knows.this"}, "没有这个条目"),
        ("attach", {"question": "x", "entry": ENTRY}, "请至少选一种问法"),
        ("merge", {"into": "x"}, "1"),
        ("move", {"question": "77"}, "不能移出"),
        ("assign", {"person": "77", "topic": ""}, "管理范围"),
        ("draft", {"topic": "no.topic", "summary": "x"}, "请选择"),
    ],
)
async def test_what_is_wrong_is_said_on_the_page(editor, two, page, fields, said):
    answer = await editor.post(f"/gaps/{two[0]}/{page}", **fields)
    assert answer.status == 422
    assert said in answer.text


async def test_a_new_entry_opens_in_the_editor_with_what_was_asked(editor, two):
    done = await editor.post(f"/gaps/{two[0]}/draft", topic="life.sleep", summary="啃指甲")
    assert done.location.startswith("/console/entries/life.sleep.q-")
    shown = (await editor.follow(done)).text
    assert all(words in shown for words in NAILS)


async def test_the_badge_counts_open_gaps_of_one_s_own_places(desk_office, editor, two):
    tianhe = await desk_office.staff("tianhe", ("editor", TIANHE, ""))
    assert ">2<span" in (await editor.get("/gaps")).text
    assert ">1<span" in (await tianhe.get("/gaps")).text


@pytest.mark.parametrize("name", ["leader", "agent", "privacy"])
async def test_without_the_permission_there_is_nothing(desk_office, two, name):
    person = await desk_office.staff(name, (name, "", ""))
    assert (await person.get("/gaps")).status == 403
    assert (await person.get(f"/gaps/{two[0]}")).status == 403
    assert NAILS[0] not in (await person.get("/search", q="指甲")).text


async def test_who_may_only_look_has_no_buttons(desk_office, two):
    operator = await desk_office.staff("operator", ("operator", "", ""))
    shown = (await operator.get(f"/gaps/{two[0]}")).text
    assert "/dismiss" not in shown
    assert (await operator.post(f"/gaps/{two[0]}/dismiss", why="x")).status == 403


async def test_how_many_wait_is_shown(parents, editor):
    for words in (WORD, "0", "2"):
        await parents.say("mother", words)
    await parents.collect()
    (gap,) = await parents.gaps()
    assert "1 位家长在等答案" in (await editor.get(f"/gaps/{gap}")).text
