"""An entry's life: draft, review, approved, public, retired; and back to a text it once had."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.curation import actions, publishing
from bot.curation.actions import Change, Conflict
from bot.errors import InvalidInput, NotAllowed
from tests.bot.curation.conftest import PENCILS, pencils

SLOW, ASKED = "study.procrastinate.slow-homework", "孩子写作业总是拖拉怎么办"


async def test_a_change_reaches_parents_only_after_review_and_publish(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    mother = each_room.parent()
    await each_room.writes(writer, SLOW, answer=answer("新写的第一句"))
    assert "新写的第一句" not in await mother.says(ASKED)
    await each_room.does(actions.submit, writer, SLOW, "")
    await each_room.does(actions.approve, judge, SLOW, "写得好")
    assert "新写的第一句" not in await mother.says(ASKED)
    await each_room.publishes(judge, SLOW)
    assert "新写的第一句" in await mother.says(ASKED)
    row = await each_room.row(SLOW)
    assert (row.state, row.published_version) == ("published", row.entry.version)


async def test_a_new_entry_lives_from_draft_to_retired(each_room):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    mother, asked = each_room.parent(), "铅笔总是削断，一天削十几根"
    await each_room.does(actions.create, writer, pencils(await each_room.entry(SLOW)), Change())
    assert (await each_room.row(PENCILS)).state == "draft"
    await each_room.does(actions.submit, writer, PENCILS, "")
    await each_room.does(actions.approve, judge, PENCILS, "")
    await each_room.publishes(judge, PENCILS)
    assert "削铅笔的事不大" in await mother.says(asked)
    await publishing.retire(each_room.rt, judge, PENCILS, "写得不对")
    assert "削铅笔的事不大" not in await mother.says(asked)
    assert (await each_room.row(PENCILS)).state == "retired"


async def test_what_the_lint_finds_stops_the_way_to_review(each_room):
    writer = await each_room.person("chen")
    await each_room.writes(writer, SLOW, answer="太短。")
    with pytest.raises(InvalidInput, match=r"entry\.problems"):
        await each_room.does(actions.submit, writer, SLOW, "")
    assert (await each_room.row(SLOW)).state == "draft"


async def test_an_unchanged_text_makes_no_revision(each_room):
    writer = await each_room.person("chen")
    before = await each_room.row(SLOW)
    assert await each_room.writes(writer, SLOW) == before.revision
    assert await each_room.row(SLOW) == before


async def test_the_second_of_two_editors_is_told_and_nothing_is_written_over(each_room, answer):
    first, second = await each_room.person("chen"), await each_room.person("huang")
    old = await each_room.row(SLOW)
    await each_room.writes(first, SLOW, answer=answer("甲写的"))
    mine = replace(old.entry, answer=answer("乙写的"))
    with pytest.raises(Conflict):
        await each_room.does(actions.save, second, mine, Change(on=old.revision))
    assert "甲写的" in (await each_room.entry(SLOW)).answer
    await each_room.does(actions.save, second, mine, Change(on=old.revision + 1))
    kept = await each_room.office.rows(
        "SELECT content FROM entry_revision WHERE entry = :e ORDER BY number", e=SLOW
    )
    assert ["甲写的" in r["content"] for r in kept] == [False, True, False]
    assert "乙写的" in kept[2]["content"]


async def test_a_returned_text_needs_a_reason_and_is_a_draft_again(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.writes(writer, SLOW, answer=answer("再改"))
    await each_room.does(actions.submit, writer, SLOW, "")
    with pytest.raises(InvalidInput, match="comment_missing"):
        await each_room.does(actions.send_back, judge, SLOW, "  ")
    await each_room.does(actions.send_back, judge, SLOW, "第二步说得再具体些")
    assert (await each_room.row(SLOW)).state == "draft"


async def test_what_is_approved_is_what_was_read(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.writes(writer, SLOW, answer=answer("读过的"))
    await each_room.does(actions.submit, writer, SLOW, "")
    read = (await each_room.row(SLOW)).revision
    await each_room.writes(writer, SLOW, answer=answer("偷偷换的"))
    await each_room.does(actions.submit, writer, SLOW, "")
    with pytest.raises(InvalidInput, match="changed_since"):
        await each_room.does(actions.approve, judge, SLOW, "", on=read)
    assert (await each_room.row(SLOW)).state == "review"


async def test_a_text_parents_have_had_needs_no_second_review(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    first = (await each_room.row(SLOW)).published_version
    await each_room.approved(writer, judge, SLOW, answer=answer("一时兴起"))
    await each_room.publishes(judge, SLOW)
    assert await each_room.does(actions.restore, writer, SLOW, 1) == "approved"
    await each_room.publishes(judge, SLOW)
    assert (await each_room.row(SLOW)).published_version == first


async def test_a_text_parents_never_had_comes_back_as_a_draft(each_room, answer):
    writer = await each_room.person("chen")
    number = await each_room.writes(writer, SLOW, answer=answer("没发过的"))
    await each_room.writes(writer, SLOW, answer=answer("又改的"))
    assert await each_room.does(actions.restore, writer, SLOW, number) == "draft"
    assert "没发过的" in (await each_room.entry(SLOW)).answer


async def test_a_retired_answer_is_gone_with_the_next_message_and_needs_a_reason(each_room):
    judge = await each_room.person("huang")
    mother, first = each_room.parent(), (await each_room.entry(SLOW)).answer.splitlines()[0]
    assert first in await mother.says(ASKED)
    with pytest.raises(InvalidInput, match=r"retire\.reason"):
        await publishing.retire(each_room.rt, judge, SLOW, " ")
    await publishing.retire(each_room.rt, judge, SLOW, "有家长反映不妥")
    assert first not in await mother.says(ASKED)
    with pytest.raises(InvalidInput, match=r"entry\.state"):
        await publishing.retire(each_room.rt, judge, SLOW, "再来一次")


async def test_retiring_leaves_a_draft_of_it_alone(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.writes(writer, SLOW, answer=answer("还在写"))
    await publishing.retire(each_room.rt, judge, SLOW, "先下架")
    row = await each_room.row(SLOW)
    assert (row.state, row.published_version) == ("draft", None)
    assert "还在写" in row.entry.answer


async def test_retiring_stops_what_was_scheduled(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("排好的"))
    at = each_room.office.clock.now() + timedelta(hours=1)
    await each_room.does(actions.schedule, judge, SLOW, at)
    await publishing.retire(each_room.rt, judge, SLOW, "不再用")
    each_room.office.clock.turn(hours=2)
    assert await publishing.publish_due(each_room.rt) == 0
    assert SLOW not in await each_room.public()


async def test_from_risk_two_on_nobody_who_wrote_may_approve(each_room):
    risky = "emo.low.weeks-of-sadness"
    first, second = await each_room.person("chen"), await each_room.person("huang")
    answer = (await each_room.entry(risky)).answer
    await each_room.writes(first, risky, answer=answer.replace("。", "！", 1))
    await each_room.writes(second, risky, answer=answer.replace("。", "～", 1))
    await each_room.does(actions.submit, second, risky, "")
    for author in (first, second):
        with pytest.raises(NotAllowed, match="second_person"):
            await each_room.does(actions.approve, author, risky, "")
    await each_room.does(actions.approve, await each_room.person("wang"), risky, "")
    assert (await each_room.row(risky)).state == "approved"


async def test_without_risk_an_editor_may_approve_what_they_wrote(each_room, answer):
    writer = await each_room.person("chen")
    await each_room.approved(writer, writer, SLOW, answer=answer("自己写的"))
    assert (await each_room.row(SLOW)).state == "approved"
