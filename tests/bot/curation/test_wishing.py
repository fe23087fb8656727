"""After a question without an answer: a person, a promise, or nothing more."""

import pytest

from tests.support.asking import BIKE, KNOWN, NAILS, WORD


async def wishes(parents):
    return await parents.place.rows("SELECT code, asker, state FROM answer_wish ORDER BY id")


@pytest.mark.parametrize("said", ["2", "二", "第二个", "等答案写好后告诉我", "有答案告诉我"])
async def test_the_wish_is_kept_with_the_reference_that_was_told(parents, said):
    told = await parents.say("mother", NAILS[0])
    assert parents.rt.say("not_found", "choices") in told
    kept = await parents.say("mother", said)
    (wish,) = await wishes(parents)
    assert (wish["asker"], wish["state"]) == (parents.asker("mother"), "waiting")
    assert wish["code"] in told
    assert wish["code"] in kept


async def test_the_same_wish_twice_is_one(each_parents):
    await each_parents.say("mother", NAILS[0])
    for said in ("2", "2"):
        assert "编号" in await each_parents.say("mother", said)
    assert len(await wishes(each_parents)) == 1


async def test_none_of_the_candidates_offers_the_same_and_is_recorded(parents):
    await parents.say("mother", WORD)
    told = await parents.say("mother", "0")
    assert parents.rt.say("not_found", "choices") in told
    (decision,) = await parents.place.rows("SELECT code, rule, band FROM decision")
    assert (decision["rule"], decision["band"]) == ("none_meant", "candidates")
    await parents.say("mother", "2")
    (wish,) = await wishes(parents)
    assert wish["code"] == decision["code"]


@pytest.mark.parametrize("said", ["1", "转人工"])
async def test_one_leads_to_a_person(parents, said):
    await parents.say("mother", NAILS[0])
    told, plain = await parents.say("mother", said), await parents.say("father", "转人工")
    assert told[:8] == plain[:8]
    assert told[-40:] == plain[-40:]
    assert len(await parents.place.rows("SELECT * FROM alert WHERE kind = 'person'")) == 2


@pytest.mark.parametrize(("said", "intent"), [("3", "thanks"), ("不用了", "no"), ("唔使啦", "no")])
async def test_three_is_taken_kindly_and_keeps_nothing(parents, said, intent):
    await parents.say("mother", NAILS[0])
    assert await parents.say("mother", said) == parents.rt.say(intent)
    assert await wishes(parents) == []


async def test_a_number_that_was_not_offered_and_one_too_late(parents):
    await parents.say("mother", NAILS[0])
    assert await parents.say("mother", "4") == parents.rt.say("number_choice", "out_of_range")
    parents.place.clock.turn(minutes=11)
    assert await parents.say("mother", "2") == parents.rt.say("number_choice", "out_of_range")
    assert await wishes(parents) == []


@pytest.mark.parametrize("before", [(), (KNOWN,), ("量子力学的薛定谔方程怎么解",)])
async def test_nothing_is_promised_where_nothing_was_missing(parents, before):
    for words in before:
        await parents.say("mother", words)
    told = await parents.say("mother", "有答案告诉我")
    assert told == parents.rt.say("tell_me_later", "nothing_to_wait")
    assert await wishes(parents) == []


async def test_each_question_has_its_own_wish(parents):
    for words in (NAILS[0], "2", BIKE[0], "2"):
        await parents.say("mother", words)
    assert len({w["code"] for w in await wishes(parents)}) == 2


async def test_a_trial_keeps_nothing_and_alarms_nobody(parents, logged):
    await parents.say("mother", KNOWN)
    parents.rt.trial(NAILS[0])
    parents.rt.trial("女儿话唔想活了")
    assert await parents.place.rows("SELECT * FROM missed_question") == []
    assert "crisis" not in logged()
