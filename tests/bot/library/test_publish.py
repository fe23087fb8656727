"""Publishing: says what changes, changes it at once, and is safe to repeat."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot import app
from bot.library import find, publish
from knowledge.archive import loads
from knowledge.entry import Status
from knowledge.fit import fit
from knowledge.index import version_of
from tests.support.indexes import differences
from tests.support.world import small_base


@pytest.fixture
def entries():
    return small_base()


async def test_the_same_set_again_changes_nothing(each_desk, entries):
    change = await publish.compare(each_desk.rt, entries)
    assert not change
    assert change.same == len(entries)
    assert (change.added, change.changed, change.removed, change.foreign) == ((), (), (), ())


async def test_publishing_twice_leaves_what_publishing_once_does(each_desk, entries):
    first = await publish.publish(each_desk.rt, entries, origin="file")
    assert await publish.publish(each_desk.rt, entries, origin="file") == first
    counts = await each_desk.rows(
        "SELECT (SELECT count(*) FROM published_entry) AS p,"
        " (SELECT count(*) FROM entry_version) AS v, (SELECT count(*) FROM base) AS b"
    )
    assert dict(counts[0]) == {"p": len(entries), "v": len(entries), "b": 1}


async def published_index(desk):
    (row,) = await desk.rows('SELECT "index" FROM base')
    return loads(bytes(row["index"]))


async def test_a_small_change_leaves_the_index_that_fitting_anew_does(each_desk, entries):
    first, second, third, *rest = entries
    new = replace(third, id="study.reading.new-one", question="全新的一种问法")
    changed = [replace(first, question="换了一种问法", answer="新的做法。"), second, new, *rest]
    version = await publish.publish(each_desk.rt, changed, origin="file")
    index = await published_index(each_desk)
    assert differences(index, fit(changed)) == []
    assert index.version == version == version_of(changed)


async def test_one_changed_answer_leaves_the_index_that_fitting_anew_does(each_desk, entries):
    changed = [replace(entries[0], answer="新的做法。"), *entries[1:]]
    await publish.publish(each_desk.rt, changed, origin="file")
    assert differences(await published_index(each_desk), fit(changed)) == []


async def test_going_back_leaves_the_first_index(each_desk, entries):
    before = await published_index(each_desk)
    await publish.publish(each_desk.rt, entries[:3], origin="file")
    await publish.publish(each_desk.rt, entries, origin="file")
    assert differences(await published_index(each_desk), before) == []


async def test_an_index_that_cannot_be_read_is_fitted_anew(each_desk, entries):
    async with each_desk.rt.db.write() as tx:
        await tx.execute(text('UPDATE base SET "index" = :b'), {"b": b"junk"})
    await publish.publish(each_desk.rt, entries, origin="file")
    assert differences(await published_index(each_desk), fit(entries)) == []


async def test_what_would_change_is_said_by_entry(each_desk, entries):
    first, second, third, *rest = entries
    wanted = [replace(first, id="study.reading.new-one"), replace(second, answer="新"), *rest]
    change = await publish.compare(each_desk.rt, [first, *wanted])
    assert change.added == ("study.reading.new-one",)
    assert change.changed == (second.id,)
    assert change.removed == (third.id,)
    assert change.same == len(rest) + 1
    assert change


async def test_only_published_entries_are_served(each_desk, entries):
    first, *rest = entries
    drafts = [replace(first, status=Status.DRAFT), *rest]
    assert (await publish.compare(each_desk.rt, drafts)).removed == (first.id,)
    await publish.publish(each_desk.rt, drafts, origin="file")
    await each_desk.says("你好")
    assert first.id not in find.now(each_desk.rt).entries


async def test_an_old_version_can_be_looked_up_after_a_change(each_desk, entries):
    first, *rest = entries
    await publish.publish(each_desk.rt, [replace(first, answer="新的"), *rest], origin="file")
    kept = await each_desk.rows("SELECT content FROM entry_version WHERE entry = :e", e=first.id)
    assert len(kept) == 2


async def test_an_index_built_in_another_way_is_outdated(each_desk, entries):
    async with each_desk.rt.db.write() as tx:
        await tx.execute(text("UPDATE base SET version = 'another'"))
    change = await publish.compare(each_desk.rt, entries)
    assert change.outdated
    assert change
    await publish.publish(each_desk.rt, entries, origin="file")
    assert not await publish.compare(each_desk.rt, entries)


async def test_a_change_of_the_console_that_would_be_lost_is_named(each_desk, entries):
    first, second, *rest = entries
    changed = [replace(first, answer="在后台改的"), second, *rest]
    await publish.publish(each_desk.rt, changed, origin="console")
    change = await publish.compare(each_desk.rt, entries)
    assert change.foreign == (first.id,)
    assert (await publish.compare(each_desk.rt, changed)).foreign == ()


async def test_a_failed_publish_leaves_the_base_as_it_was(each_desk, entries):
    before = await each_desk.rows("SELECT version FROM base")
    twice = [replace(entries[0], answer="新"), entries[0], *entries[1:]]
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await publish.publish(each_desk.rt, twice, origin="file")
    assert await each_desk.rows("SELECT version FROM base") == before
    assert len(await each_desk.rows("SELECT entry FROM published_entry")) == len(entries)


async def test_a_publish_by_another_process_answers_the_next_message(each_desk, entries):
    assert "新的做法" not in await each_desk.says("孩子写作业总是拖拉怎么办")
    async with app.opened(each_desk.rt.settings) as other:
        changed = [
            replace(e, answer="新的做法。") if e.id == "study.procrastinate.slow-homework" else e
            for e in entries
        ]
        await publish.publish(other, changed, origin="file")
    assert "新的做法" in await each_desk.says("孩子写作业总是拖拉怎么办")


async def test_a_deleted_entry_is_gone_with_the_next_message(each_desk, entries):
    asked = "孩子写作业总是拖拉怎么办"
    first = await each_desk.says(asked)
    kept = [e for e in entries if e.topic != "study.procrastinate"]
    async with app.opened(each_desk.rt.settings) as other:
        await publish.publish(other, kept, origin="file")
    again = await each_desk.says(asked)
    assert first.splitlines()[0] not in again
    told = await each_desk.rows("SELECT entry FROM decision ORDER BY id DESC LIMIT 1")
    assert told[0]["entry"] != "study.procrastinate.slow-homework"


async def test_an_offer_of_a_deleted_entry_is_out_of_range(each_desk, entries):
    await each_desk.says("孩子写作业总是拖拉怎么办")
    kept = [e for e in entries if e.topic == "svc.week"]
    await publish.publish(each_desk.rt, kept, origin="file")
    assert await each_desk.says("1") == each_desk.rt.say("number_choice", "out_of_range")
