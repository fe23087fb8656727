"""An answer past its last day is not replaced by a neighbour: its successor speaks, or nobody."""

from dataclasses import replace
from datetime import date

import pytest

from bot.library import find, publish, record, verdict
from bot.library.tables import decisions, missed
from knowledge.judge import Band
from tests.support.world import small_base

ASKED = "孩子写作业总是拖拉怎么办"
OLD = "study.procrastinate.slow-homework"
LAST = date(2026, 11, 24)


def others(*count):
    names = [e.id for e in small_base() if e.id != OLD]
    return [names[n] for n in count]


async def base(desk, **changes):
    """Publish the base with fields of entries changed; the clock then stands after the last day."""
    entries = [replace(e, **changes.get(e.id, {})) for e in small_base()]
    await publish.publish(desk.rt, entries, origin="file")
    await desk.says("你好")
    desk.clock.turn(days=2)


async def expired(desk, heir="", **changes):
    await base(desk, **{OLD: {"valid_until": LAST, "successor": heir}}, **changes)
    return find.now(desk.rt).entries[OLD]


async def rows(desk, table):
    async with desk.rt.db.read() as tx:
        return [dict(row) for row in (await tx.execute(table.select())).mappings()]


def first_line(desk, name, entry):
    told = desk.rt.say("ask_question", name, question=entry.summary, until="2026-11-24")
    return told.splitlines()[0]


async def test_the_successor_answers_and_it_is_said_why(each_desk):
    (heir,) = others(0)
    old = await expired(each_desk, heir)
    told = (await each_desk.says(ASKED)).splitlines()
    assert told[0] == first_line(each_desk, "succeeded", old)
    assert told[1] == find.now(each_desk.rt).entries[heir].answer.splitlines()[0]
    last = (await rows(each_desk, decisions))[-1]
    assert (last["band"], last["rule"], last["entry"]) == ("answer", "successor", heir)
    assert await rows(each_desk, missed) == []


async def test_without_a_successor_nothing_else_is_given_for_it_and_curators_hear(each_desk):
    old = await expired(each_desk)
    told = await each_desk.says(ASKED)
    assert told.splitlines()[0] == first_line(each_desk, "expired", old)
    assert "依据：" not in told
    last = (await rows(each_desk, decisions))[-1]
    assert (last["rule"], last["entry"]) == ("expired", None)
    assert [row["reason"] for row in await rows(each_desk, missed)] == ["expired"]


async def test_a_line_of_successors_is_followed_to_the_first_that_is_valid(desk):
    heir, third = others(0, 1)
    old = await expired(desk, heir, **{heir: {"valid_until": LAST, "successor": third}})
    said = verdict.of(desk.rt, ASKED)
    assert (said.rule, said.entry.id, said.expired) == ("successor", third, old)


@pytest.mark.parametrize("end", ["", "study.reading.gone", OLD])
async def test_a_line_that_ends_or_turns_back_leads_to_nobody(desk, end):
    (heir,) = others(0)
    await expired(desk, heir, **{heir: {"valid_until": LAST, "successor": end}})
    said = verdict.of(desk.rt, ASKED)
    assert (said.rule, said.entry) == ("expired", None)
    assert said.band is not Band.ANSWER


async def test_a_successor_of_one_area_alone_does_not_answer_everybody(desk):
    (heir,) = others(0)
    await expired(desk, heir, **{heir: {"area": "gz/tianhe"}})
    assert verdict.of(desk.rt, ASKED).rule == "expired"


async def test_on_its_last_day_the_entry_answers_itself(desk):
    (heir,) = others(0)
    await base(desk, **{OLD: {"valid_until": date(2026, 11, 26), "successor": heir}})
    said = verdict.of(desk.rt, ASKED)
    assert (said.band, said.rule, said.entry.id) == (Band.ANSWER, "match", OLD)
    assert said.expired is None


async def test_a_wording_that_another_entry_holds_word_for_word_is_answered_by_that(desk):
    (other,) = others(0)
    asked = next(e for e in small_base() if e.id == other).question
    await expired(desk)
    said = verdict.of(desk.rt, asked)
    assert (said.rule, said.entry.id) == ("exact", other)


async def test_the_record_is_replayed_to_the_same(desk):
    (heir,) = others(0)
    await expired(desk, heir)
    await desk.says(ASKED)
    replayed = record.replay(desk.rt, (await rows(desk, decisions))[-1])
    assert replayed.is_same


async def test_with_short_answers_the_successor_is_told_as_well(desk):
    (heir,) = others(0)
    old = await expired(desk, heir)
    await desk.says("长辈模式")
    told = (await desk.says(ASKED)).splitlines()
    assert told[0] == first_line(desk, "succeeded", old)
    assert told[1] == find.now(desk.rt).entries[heir].summary
