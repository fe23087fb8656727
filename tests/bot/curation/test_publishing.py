"""The gate before parents: what it stops, who may let it pass, when a look is worth nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.curation import actions, gating, publishing
from bot.errors import InvalidInput, NotAllowed
from tests.bot.curation.conftest import REVIEWER, SLOW

OTHER, ASKED = "study.reading.choose-books", "孩子写作业总是拖拉怎么办"
WHY = "今晚的讲座马上要用这个回答"


async def swapped(room, writer, judge):
    """Approve two entries whose answers were exchanged."""
    one, two = await room.entry(SLOW), await room.entry(OTHER)
    await room.approved(writer, judge, SLOW, answer=two.answer, sources=two.sources)
    await room.approved(writer, judge, OTHER, answer=one.answer, sources=one.sources)
    return await room.tries(judge, SLOW, OTHER)


async def test_two_exchanged_answers_are_stopped(each_room):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    before = await each_room.public()
    number = await swapped(each_room, writer, judge)
    assert (await each_room.run(number)).blocked
    with pytest.raises(InvalidInput, match=r"publish\.blocked"):
        await publishing.release(each_room.rt, judge, number, note="")
    assert await each_room.public() == before


async def test_an_unrelated_change_goes_live_on_both_replicas(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    async with each_room.replica() as second:
        assert "另一家也看到" not in await second.says(ASKED)
        await each_room.approved(writer, judge, SLOW, answer=answer("另一家也看到"))
        await each_room.publishes(judge, SLOW)
        assert "另一家也看到" in await second.says(ASKED)
    assert "另一家也看到" in await each_room.parent().says(f"{ASKED}呢")


async def test_what_is_stopped_passes_with_a_reason_and_another_person(each_room):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    other = await each_room.person("wang", REVIEWER)
    number = await swapped(each_room, writer, judge)
    await each_room.does(gating.ask_to_pass, judge, number, WHY)
    await each_room.does(gating.let_pass, other, number)
    await publishing.release(each_room.rt, judge, number, note="")
    run = await each_room.run(number)
    assert (run.reason, run.passed_by) == (WHY, other.id)
    noted = await each_room.office.rows("SELECT action FROM audit WHERE action LIKE 'publish.%'")
    assert {"publish.asked", "publish.passed", "publish.done"} <= {r["action"] for r in noted}


@pytest.mark.parametrize("who", ["asker", "writer", "looker"])
async def test_nobody_lets_their_own_work_pass(room, who):
    roles = (("editor", "", ""), REVIEWER)
    people = {n: await room.person(n, *roles) for n in ("asker", "writer", "looker")}
    await swapped(room, people["writer"], people["looker"])
    number = await room.tries(people["looker"], SLOW, OTHER)
    await room.does(gating.ask_to_pass, people["asker"], number, WHY)
    with pytest.raises(NotAllowed, match="second_person"):
        await room.does(gating.let_pass, people[who], number)


async def test_letting_pass_needs_a_question_a_reason_and_the_permission(room):
    writer, judge = await room.person("chen"), await room.person("huang")
    other, editor = await room.person("wang", REVIEWER), await room.person("zhou")
    number = await swapped(room, writer, judge)
    with pytest.raises(InvalidInput, match=r"entry\.state"):
        await room.does(gating.let_pass, other, number)
    with pytest.raises(InvalidInput, match=r"publish\.reason"):
        await room.does(gating.ask_to_pass, judge, number, "急")
    await room.does(gating.ask_to_pass, judge, number, WHY)
    with pytest.raises(NotAllowed):
        await room.does(gating.let_pass, editor, number)


async def test_a_look_is_worth_nothing_after_another_publish(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("慢了一步"))
    late = await each_room.tries(judge, SLOW)
    await publishing.retire(each_room.rt, judge, OTHER, "先下架")
    with pytest.raises(InvalidInput, match=r"publish\.stale"):
        await publishing.release(each_room.rt, judge, late, note="")
    assert (await each_room.row(SLOW)).state == "approved"


async def test_a_look_is_worth_nothing_after_a_change_of_the_questions(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("换了考题"))
    number = await each_room.tries(judge, SLOW)
    await each_room.office.change(
        "UPDATE golden_question SET active = :off WHERE id = (SELECT min(id) FROM golden_question"
        " WHERE active)",
        off=False,
    )
    with pytest.raises(InvalidInput, match=r"publish\.stale"):
        await publishing.release(each_room.rt, judge, number, note="")


async def test_a_text_that_is_changed_after_the_look_is_not_published(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("看过的"))
    number = await each_room.tries(judge, SLOW)
    await each_room.writes(writer, SLOW, answer=answer("没看过的"))
    with pytest.raises(InvalidInput, match=r"publish\.stale"):
        await publishing.release(each_room.rt, judge, number, note="")
    row = await each_room.row(SLOW)
    assert row.state == "draft"
    assert "没看过的" in row.entry.answer


async def test_a_look_is_worth_something_for_two_hours(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    await room.approved(writer, judge, SLOW, answer=answer("放久了"))
    number = await room.tries(judge, SLOW)
    room.office.clock.turn(hours=2, seconds=1)
    with pytest.raises(InvalidInput, match=r"publish\.stale"):
        await publishing.release(room.rt, judge, number, note="")
    room.office.clock.turn(seconds=-1)
    await publishing.release(room.rt, judge, number, note="")


async def test_what_is_due_goes_live_by_itself(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("到点就上"))
    at = each_room.office.clock.now() + timedelta(hours=8)
    await each_room.does(actions.schedule, judge, SLOW, at)
    assert await publishing.publish_due(each_room.rt) == 0
    each_room.office.clock.turn(hours=8)
    assert await publishing.publish_due(each_room.rt) == 1
    assert "到点就上" in await each_room.parent().says(ASKED)
    assert (await each_room.row(SLOW)).publish_at is None


async def test_what_is_due_and_stopped_waits_for_a_person(each_room):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    wrong = (await each_room.entry(OTHER)).answer
    await each_room.approved(writer, judge, SLOW, answer=wrong)
    at = each_room.office.clock.now() + timedelta(minutes=1)
    await each_room.does(actions.schedule, judge, SLOW, at)
    each_room.office.clock.turn(minutes=2)
    before = await each_room.public()
    assert await publishing.publish_due(each_room.rt) == 0
    assert await publishing.publish_due(each_room.rt) == 0
    row = await each_room.row(SLOW)
    assert (row.state, row.blocked_at) == ("approved", each_room.office.clock.now())
    assert await each_room.public() == before


async def test_a_text_that_is_written_anew_has_to_be_scheduled_anew(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    await room.approved(writer, judge, SLOW, answer=answer("排了期"))
    at = room.office.clock.now() + timedelta(hours=1)
    await room.does(actions.schedule, judge, SLOW, at)
    room.office.clock.turn(minutes=30)
    await room.approved(writer, judge, SLOW, answer=answer("又改了"))
    room.office.clock.turn(hours=1)
    assert await publishing.publish_due(room.rt) == 0


async def test_an_instant_that_is_past_is_refused(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    await room.approved(writer, judge, SLOW, answer=answer("昨天"))
    with pytest.raises(InvalidInput, match=r"publish\.past"):
        await room.does(actions.schedule, judge, SLOW, room.office.clock.now())


async def test_going_back_gives_parents_the_same_bytes(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    await each_room.approved(writer, judge, SLOW, answer=answer("第一次"))
    first = await each_room.publishes(judge, SLOW)
    then = await each_room.public()
    for mark in ("第二次", "第三次"):
        await each_room.approved(writer, judge, SLOW, answer=answer(mark))
        await each_room.publishes(judge, SLOW)
    await publishing.retire(each_room.rt, judge, "media.game.late-night", "先下架")
    assert await each_room.public() != then
    await each_room.goes_back(judge, first)
    assert await each_room.public() == then
    assert (await each_room.row("media.game.late-night")).state == "published"


async def test_going_back_leaves_a_draft_alone(each_room, answer):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    old = (await each_room.row(SLOW)).published_version
    await publishing.retire(each_room.rt, judge, OTHER, "先下架")
    (back,) = await each_room.office.rows("SELECT id FROM publication")
    await each_room.approved(writer, judge, SLOW, answer=answer("上线的"))
    await each_room.publishes(judge, SLOW)
    await each_room.writes(writer, SLOW, answer=answer("还在改的"))
    await each_room.goes_back(judge, back["id"])
    row = await each_room.row(SLOW)
    assert (row.state, row.published_version) == ("draft", old)
    assert "还在改的" in row.entry.answer


async def test_a_retired_entry_does_not_stop_what_comes_after(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    await publishing.retire(room.rt, judge, OTHER, "先下架")
    await room.approved(writer, judge, SLOW, answer=answer("照常发布"))
    await room.publishes(judge, SLOW)
    assert "照常发布" in (await room.public())[SLOW]


async def test_a_question_that_improves_is_counted_better(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    similar = (await room.entry(SLOW)).similar
    new = (*similar, replace(similar[1], text="台风天作业拖到开天窗"))
    await room.approved(writer, judge, SLOW, similar=new, answer=answer("台风天"))
    run = await room.run(await room.tries(judge, SLOW))
    assert not run.blocked
