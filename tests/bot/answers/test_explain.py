"""An answer is explained by its short id, however the id is typed."""

import json
import re

from bot.answers import explain, find

ASKED = "孩子写作业总是拖拉怎么办"


async def asked(desk):
    told = await desk.says(ASKED)
    return re.search("编号 ([0-9A-Z]{8})", told)[1], told


async def test_the_record_of_an_answer_holds_its_words_and_reasons(each_desk):
    code, told = await asked(each_desk)
    await each_desk.says("有用")
    (record,) = await explain.decision(each_desk.rt, code)
    assert (record["code"], record["text"], record["feedback"]) == (code, ASKED, 1)
    assert told.startswith(record["answer"][:20])
    assert record["hits"][0]["entry"] == record["entry"]
    assert record["words_of_base"] == record["base_version"]
    assert all(hit["words"] for hit in record["hits"][:3])
    json.dumps(record)


async def test_an_id_is_found_as_a_person_types_it(each_desk):
    code, _ = await asked(each_desk)
    typed = f"{code[:4].lower()} - {code[4:].lower()}".replace("1", "l").replace("0", "o")
    assert len(await explain.decision(each_desk.rt, typed)) == 1


async def test_an_unknown_id_has_no_record(each_desk):
    await asked(each_desk)
    assert await explain.decision(each_desk.rt, "ZZZZZZZZ") == []
    assert await explain.decision(each_desk.rt, "%") == []


async def test_an_exact_question_is_explained_with_words(desk):
    await desk.says("你好")
    told = await desk.says(find.now(desk.rt).entries["study.procrastinate.slow-homework"].question)
    code = re.search("编号 ([0-9A-Z]{8})", told)[1]
    (record,) = await explain.decision(desk.rt, code)
    assert record["rule"] == "exact"
    assert record["hits"][0]["words"]


async def test_a_choice_is_explained_without_words(desk):
    await asked(desk)
    told = await desk.says("1")
    code = re.search("编号 ([0-9A-Z]{8})", told)[1]
    (record,) = await explain.decision(desk.rt, code)
    assert record["rule"] == "choice"
    assert not any("words" in hit for hit in record["hits"])
    assert record["answer"]


async def test_features_name_what_made_the_first_hits(desk):
    await desk.says("你好")
    found = find.find(desk.rt, ASKED)
    told = explain.features(desk.rt, ASKED, found)
    assert set(told) == {"probability", "exact", "base_version", "features"}
    best = told["features"][found.hits[0].entry]
    assert best
    assert best[0]["weight"] >= best[-1]["weight"]
    assert explain.features(desk.rt, ASKED, None) == {}
    assert explain.hits(None) == []
