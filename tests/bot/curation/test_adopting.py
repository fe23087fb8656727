"""Entry files and the console: what `bot init` takes over, what it leaves, and the way back."""

from dataclasses import replace

from sqlalchemy import text

from bot.curation import adopting, golden, publishing
from tests.bot.curation.conftest import SLOW
from tests.support import world

LAST = "media.phone.toddler-screen"


def files(**changes):
    """Return the small base as its files would be after these changes of one entry."""
    return [replace(e, **changes) if e.id == SLOW else e for e in world.small_base()]


async def test_every_published_entry_has_a_working_copy(each_room):
    rows = await each_room.office.rows("SELECT entry, state, revision FROM entry")
    assert len(rows) == len(world.small_base())
    assert {(r["state"], r["revision"]) for r in rows} == {("published", 1)}


async def test_a_changed_file_is_one_publication_and_the_newest_revision(each_room, answer):
    before = await each_room.public()
    await adopting.publish_files(each_room.rt, files(answer=answer("文件里改的")))
    row = await each_room.row(SLOW)
    assert (row.state, row.revision) == ("published", 2)
    assert "文件里改的" in row.entry.answer
    (told,) = await each_room.office.rows(
        "SELECT kind, old, new FROM publication JOIN publication_change ON publication = id"
    )
    old = next(e for e in world.small_base() if e.id == SLOW).version
    assert (told["kind"], told["old"], told["new"]) == ("file", old, row.published_version)
    assert before != await each_room.public()


async def test_the_way_back_leads_over_publications_of_files(each_room, answer):
    judge = await each_room.person("huang")
    first = await publishing.retire(each_room.rt, judge, LAST, "先下架")
    kept = [e for e in world.small_base() if e.id != LAST]
    then = await each_room.public()
    await adopting.publish_files(each_room.rt, [
        replace(e, answer=answer("文件一")) if e.id == SLOW else e for e in kept
    ])  # fmt: skip
    await each_room.goes_back(judge, first)
    assert await each_room.public() == then


async def test_a_draft_is_left_alone_and_learns_what_parents_have(each_room, answer):
    writer = await each_room.person("chen")
    await each_room.writes(writer, SLOW, answer=answer("正在写"))
    changed = files(answer=answer("文件里改的"))
    await adopting.publish_files(each_room.rt, changed)
    row = await each_room.row(SLOW)
    assert row.state == "draft"
    assert "正在写" in row.entry.answer
    assert row.published_version == next(e for e in changed if e.id == SLOW).version


async def test_an_entry_the_files_no_longer_have_is_retired(each_room):
    await adopting.publish_files(each_room.rt, [e for e in world.small_base() if e.id != LAST])
    row = await each_room.row(LAST)
    assert (row.state, row.published_version) == ("retired", None)


async def test_a_second_time_changes_nothing(each_room):
    async with each_room.rt.db.write() as tx:
        assert await adopting.adopt(each_room.rt, tx) == 0
    await adopting.publish_files(each_room.rt, world.small_base())
    assert await each_room.office.rows("SELECT id FROM publication") == []


async def test_what_the_console_took_back_is_named(room):
    judge = await room.person("huang")
    await publishing.retire(room.rt, judge, LAST, "先下架")
    async with room.rt.db.read() as tx:
        assert await adopting.retired(tx) == {LAST}


async def test_questions_follow_their_files_and_the_curators_own_stay(each_room):
    await each_room.office.change("UPDATE golden_question SET text = 'alt', active = :on", on=True)
    await each_room.office.change("UPDATE golden_question SET source = 'console', key = NULL"
                                  " WHERE id = (SELECT min(id) FROM golden_question)")  # fmt: skip
    async with each_room.rt.db.write() as tx:
        assert await golden.seed(each_room.rt, tx, {}) > 0
        left = (
            await tx.execute(text("SELECT source FROM golden_question WHERE text = 'alt'"))
        ).all()
    assert [r.source for r in left] == ["console"]
