"""An answer is explained by its short id, however the id is typed."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from bot.library import explain, find, publish
from tests.support.world import small_base

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
    assert set(told) == {
        *("probability", "exact", "base_version", "known", "right", "signs", "hits"),
    }
    assert told["probability"] == round(found.probability, 4)
    assert [h["entry"] for h in told["hits"]] == [h.entry for h in found.hits[:3]]
    first = told["hits"][0]
    assert first["words"][0]["weight"] >= first["words"][-1]["weight"]
    assert all(own in ASKED for word in first["words"] for own in word["own"])
    assert sum(e["adds"] for e in first["evidence"].values()) == pytest.approx(
        first["value"], abs=0.01
    )
    json.dumps(told)


async def test_nothing_found_has_no_features(desk):
    await desk.says("你好")
    assert explain.features(desk.rt, ASKED, None) == {}
    assert explain.hits(None) == []


async def test_a_question_of_no_words_has_features_without_hits(desk):
    await desk.says("你好")
    told = explain.features(desk.rt, "😀", find.find(desk.rt, "😀"))
    assert (told["probability"], told["hits"], told["signs"]) == (0.0, [], {})


async def test_an_expired_entry_is_no_reason(desk):
    last = date(2026, 11, 24)
    entry = "study.procrastinate.slow-homework"
    entries = [replace(e, valid_until=last) if e.id == entry else e for e in small_base()]
    await publish.publish(desk.rt, entries, origin="file")
    await desk.says("你好")
    today = explain.features(desk.rt, ASKED, find.find(desk.rt, ASKED))
    desk.clock.turn(days=2)
    later = explain.features(desk.rt, ASKED, find.find(desk.rt, ASKED))
    assert entry in [h["entry"] for h in today["hits"]]
    assert entry not in [h["entry"] for h in later["hits"]]
