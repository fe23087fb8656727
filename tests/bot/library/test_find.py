"""The base in force: loaded once, swapped when another is published, read with today's date."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import StartRefused
from bot.library import find, publish
from knowledge.judge import Band
from knowledge.scope import Scope
from tests.support.desk import MORNING
from tests.support.world import small_base

ASKED = "孩子写作业总是拖拉怎么办"
ENTRY = "study.procrastinate.slow-homework"


async def refresh(desk):
    async with desk.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(desk.rt, connection))
    return find.now(desk.rt)


async def test_the_base_is_loaded_once_and_kept(desk):
    assert await refresh(desk) is await refresh(desk)


async def test_a_new_version_is_loaded_at_once(desk):
    before = await refresh(desk)
    await publish.publish(desk.rt, small_base()[:5], origin="file")
    after = await refresh(desk)
    assert len(after.entries) == 5
    assert after.index.version != before.index.version


async def test_without_a_published_base_the_service_does_not_start(desk):
    async with desk.rt.db.write() as tx:
        await tx.execute(text("DELETE FROM base"))
    with pytest.raises(StartRefused, match="bot init"):
        await refresh(desk)


async def test_a_broken_index_does_not_start_either(desk):
    async with desk.rt.db.write() as tx:
        await tx.execute(text("UPDATE base SET \"index\" = :b, version = 'x'"), {"b": b"junk"})
    with pytest.raises(StartRefused, match="bot init"):
        await refresh(desk)


async def test_every_entry_is_found_by_its_own_question(desk):
    base = await refresh(desk)
    for entry in base.entries.values():
        found = find.find(desk.rt, entry.question)
        assert (found.band, found.hits[0].entry) == (Band.ANSWER, entry.id), entry.question


async def test_an_entry_answers_on_its_last_valid_day_and_not_on_the_next(desk):
    last = date(2026, 12, 31)
    entries = [replace(e, valid_until=last) if e.id == ENTRY else e for e in small_base()]
    await publish.publish(desk.rt, entries, origin="file")
    summary = next(e.summary for e in entries if e.id == ENTRY)
    first = await desk.says(ASKED)
    # 23:59:59 in Guangzhou, where the day turns eight hours earlier than in UTC
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    desk.clock.turn(seconds=(midnight - MORNING).total_seconds() - 1)
    assert (await desk.says(ASKED)).splitlines()[0] == first.splitlines()[0]
    desk.clock.turn(seconds=1)
    told = await desk.says(ASKED)
    expired = desk.rt.say("ask_question", "expired", question=summary, until="2026-12-31")
    assert told.splitlines()[0] == expired.splitlines()[0]
    assert first.splitlines()[0] not in told


async def test_an_entry_offered_on_its_last_day_cannot_be_picked_on_the_next(desk):
    last = date(2026, 11, 24)
    entries = [replace(e, valid_until=last) if e.id == ENTRY else e for e in small_base()]
    await publish.publish(desk.rt, entries, origin="file")
    desk.clock.turn(hours=14, minutes=55)  # 23:55 in Guangzhou
    told = await desk.says("初中生做作业拖到深夜怎么办")
    summary = next(e.summary for e in entries if e.id == ENTRY)
    (number,) = [line[0] for line in told.splitlines() if line.endswith(f". {summary}")]
    desk.clock.turn(minutes=6)
    assert await desk.says(number) == desk.rt.say("number_choice", "out_of_range")


async def test_a_question_is_asked_of_today(desk):
    await refresh(desk)
    desk.clock.turn(days=1)
    assert find.scope(desk.rt) == Scope(day=MORNING.date() + timedelta(days=1), area="")


async def test_an_answer_is_remembered_by_its_question_and_scope(desk):
    base = await refresh(desk)
    assert find.find(desk.rt, ASKED) is find.find(desk.rt, ASKED)
    assert base.search(ASKED, Scope(), 5) is not find.find(desk.rt, ASKED)


async def test_an_entry_of_an_area_is_not_found_from_another(desk):
    entries = [replace(e, area="gz/tianhe") if e.id == ENTRY else e for e in small_base()]
    await publish.publish(desk.rt, entries, origin="file")
    base = await refresh(desk)
    assert ENTRY not in [h.entry for h in find.find(desk.rt, ASKED).hits]
    near, far = (base.search(ASKED, Scope(area=f"gz/{a}"), 5) for a in ("tianhe/a", "yuexiu"))
    assert ENTRY in [h.entry for h in near.hits]
    assert ENTRY not in [h.entry for h in far.hits]


async def test_files_and_their_saved_index_give_the_same_answers(tmp_path):
    cache = tmp_path / "index.npz"
    first = find.from_files(cache)
    assert cache.exists()
    again = find.from_files(cache)
    assert again.index.version == first.index.version
    asked = (ASKED, Scope(day=date(2026, 12, 31)), 5)
    assert again.search(*asked) == first.search(*asked)
    cache.write_bytes(b"junk")
    assert find.from_files(cache).index.version == first.index.version
