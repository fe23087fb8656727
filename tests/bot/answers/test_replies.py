"""Asking, choosing and rating, as a parent does it and as the record keeps it."""

import json
import re

import pytest

from tests.support.desk import FATHER

ASKED = "孩子写作业总是拖拉怎么办"
NEAR = "晚上玩手机"
FOREIGN = "量子力学的薛定谔方程怎么解"


async def records(desk):
    return await desk.rows("SELECT * FROM decision ORDER BY id")


def code_in(text):
    return re.search("编号 ([0-9A-Z]{8})", text)[1]


async def test_an_answer_is_recorded_with_what_explains_it(each_desk):
    told = await each_desk.says(ASKED)
    (kept,) = await records(each_desk)
    assert kept["code"] == code_in(told)
    assert (kept["text"], kept["intent"], kept["band"]) == (ASKED, "ask_question", "answer")
    assert kept["entry"] == "study.procrastinate.slow-homework"
    assert kept["version"]
    assert kept["base_version"]
    assert 0 < kept["probability"] <= 1
    hits = json.loads(kept["hits"])
    assert len(hits) <= 3
    assert hits[0][0] == kept["entry"]
    assert each_desk.rt.pseudonyms.name("oMother_0000000000000000000") == kept["asker"]


async def test_a_curated_wording_is_recorded_as_exact(desk):
    await desk.says("学习拖延")
    await desk.says(ASKED)
    from bot.library import find

    entry = next(iter(find.now(desk.rt).entries.values()))
    await desk.says(entry.question)
    last = (await records(desk))[-1]
    assert (last["rule"], last["entry"]) == ("exact", entry.id)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13812345678", "…"), ("440106199001011234", "…"), ("12345", "12345")],
)
async def test_long_numbers_are_not_kept_beside_a_question(desk, number, shown):
    await desk.says(f"孩子写作业总是拖拉怎么办，电话{number}")
    assert (await records(desk))[0]["text"] == f"孩子写作业总是拖拉怎么办，电话{shown}"


async def test_nothing_known_is_admitted_and_the_question_kept(desk):
    told = await desk.says("孩子的自行车链条老是掉怎么修")
    (kept,) = await records(desk)
    assert (kept["band"], kept["entry"]) == ("decline", None)
    assert code_in(told) == kept["code"]


async def test_what_is_not_about_children_is_out_of_scope(desk):
    assert await desk.says(FOREIGN) == desk.rt.say("not_found", "out_of_scope")


async def test_a_vote_goes_to_the_last_answer_and_no_other(each_desk):
    await each_desk.says(ASKED)
    await each_desk.says("孩子晚上玩手机不睡觉怎么办")
    await each_desk.says("没用")
    votes = [r["feedback"] for r in await records(each_desk)]
    assert votes == [None, -1]
    assert (await records(each_desk))[1]["feedback_at"] is not None


async def test_a_vote_may_be_changed(desk):
    await desk.says(ASKED)
    await desk.says("有用")
    await desk.says("没用")
    assert [r["feedback"] for r in await records(desk)] == [-1]


async def test_a_vote_of_one_parent_says_nothing_about_another_s_answer(desk):
    await desk.says(ASKED)
    told = await desk.says("有用", who=FATHER)
    assert told == desk.rt.say("feedback_helpful", "nothing_to_rate")
    assert [r["feedback"] for r in await records(desk)] == [None]


@pytest.mark.parametrize(("words", "intent"), [("有用", "helpful"), ("没用", "not_helpful")])
async def test_a_vote_without_an_answer_is_taken_kindly(desk, words, intent):
    assert await desk.says(words) == desk.rt.say(f"feedback_{intent}", "nothing_to_rate")


async def candidates(desk):
    """Ask until the account offers candidates; returns its words."""
    for words in ("手机", "游戏", "作业", "阅读", "孩子 手机 作业", "玩手机 作业", "没兴趣"):
        told = await desk.says(words)
        if desk.rt.say("candidates", "none") in told:
            return told
    raise AssertionError("nothing led to candidates")


async def test_candidates_are_numbered_and_zero_means_none_of_them(desk):
    told = await candidates(desk)
    assert re.search(r"^1\. ", told, re.MULTILINE)
    assert told.endswith(desk.rt.say("candidates", "none"))
    asked = (await records(desk))[-1]
    assert asked["band"] == "candidates"
    none = await desk.says("0")
    assert code_in(none) == asked["code"]
    assert none.endswith(desk.rt.say("not_found", "choices"))
    assert (await records(desk))[-1]["rule"] == "none_meant"


async def test_a_candidate_that_is_picked_answers(desk):
    await candidates(desk)
    told = await desk.says("1")
    assert "依据：" in told
    last = (await records(desk))[-1]
    assert (last["band"], last["rule"], last["probability"]) == ("answer", "choice", 1.0)


async def test_equal_questions_of_two_parents_have_ids_of_their_own(desk):
    first, second = await desk.says(ASKED), await desk.says(ASKED, who=FATHER)
    assert code_in(first) != code_in(second)
    assert first.replace(code_in(first), "") == second.replace(code_in(second), "")
