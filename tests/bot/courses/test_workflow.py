"""A course is written, judged by another person, published, taken back; no version changes."""

from dataclasses import replace

import pytest

from bot.courses import actions
from bot.courses.states import State
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.school import courses as reading
from tests.bot.courses.conftest import AUTHOR, CHEN, HUANG, NAME
from tests.support import school

OTHER = "两周后，孩子自己说几点开始写。"


async def test_what_is_published_reaches_who_begins_and_nobody_who_has_begun(each_academy):
    first = (await each_academy.versions())[0]
    number = await each_academy.brings(goal=OTHER)
    assert (number, (await each_academy.row()).version) == (2, 2)
    new, old = await each_academy.versions()
    assert (new.content.goal, new.state, new.content.status) == (OTHER, "published", "published")
    assert old == first
    async with each_academy.rt.db.read() as tx:
        (shown,) = await tx.execute(reading.published())
        kept = (await tx.execute(reading.content(NAME, 1))).first()
    assert reading.loads(shown.content).goal == OTHER
    assert reading.loads(kept.content) == school.course()


async def test_who_wrote_it_neither_approves_nor_publishes(each_academy):
    await each_academy.writes(CHEN, goal=OTHER)
    await each_academy.writes(HUANG, goal=OTHER + "慢慢来。")
    await each_academy.does(actions.submit, CHEN, NAME)
    draft = await each_academy.draft()
    assert draft.authors == (CHEN.id, HUANG.id)
    for one in (CHEN, HUANG):
        with pytest.raises(NotAllowed, match="second_person"):
            await each_academy.does(actions.approve, one, NAME, draft.token)
    third = replace(CHEN, id=1009)
    await each_academy.does(actions.approve, third, NAME, draft.token)
    with pytest.raises(NotAllowed, match="second_person"):
        await each_academy.does(actions.publish, CHEN, NAME)
    await each_academy.does(actions.publish, third, NAME)


async def test_a_text_that_changed_is_read_again_and_faults_are_mended_first(academy):
    await academy.writes(goal=OTHER)
    token = (await academy.draft()).token
    await academy.does(actions.submit, CHEN, NAME)
    await academy.writes(goal=OTHER + "好。")
    assert (await academy.draft()).state is State.DRAFT
    await academy.does(actions.submit, CHEN, NAME)
    with pytest.raises(actions.Conflict):
        await academy.does(actions.approve, HUANG, NAME, token)
    await academy.writes(goal="")
    with pytest.raises(InvalidInput, match=r"course\.problems"):
        await academy.does(actions.submit, CHEN, NAME)


async def test_who_saved_in_the_meantime_is_not_overwritten(academy):
    await academy.writes(goal=OTHER)
    old = (await academy.draft()).token
    await academy.writes(HUANG, goal=OTHER + "好。")
    with pytest.raises(actions.Conflict):
        await academy.does(actions.save, CHEN, replace(school.course(), goal="别的。"), old)
    assert (await academy.draft()).content.goal == OTHER + "好。"


async def test_a_rejection_says_why_and_the_draft_goes_on(academy):
    await academy.writes(goal=OTHER)
    await academy.does(actions.submit, CHEN, NAME)
    with pytest.raises(InvalidInput, match="note_missing"):
        await academy.does(actions.reject, HUANG, NAME, "")
    await academy.does(actions.reject, HUANG, NAME, "第一课太急")
    draft = await academy.draft()
    assert (draft.state, draft.note) == (State.REJECTED, "第一课太急")
    await academy.does(actions.submit, CHEN, NAME)
    assert (await academy.draft()).number == draft.number


async def test_going_back_publishes_the_old_text_under_a_new_number(each_academy):
    await each_academy.brings(goal=OTHER)
    await each_academy.writes(goal="还在写的一稿。")
    assert await each_academy.does(actions.go_back, HUANG, NAME, 1, "新版太长") == 4
    assert (await each_academy.row()).version == 4
    assert (await each_academy.versions())[0].content == school.course()
    await each_academy.does(actions.submit, CHEN, NAME)
    await each_academy.does(actions.approve, HUANG, NAME, (await each_academy.draft()).token)
    # the draft that was begun before takes a number nobody has had
    assert await each_academy.does(actions.publish, HUANG, NAME) == 5
    numbers = [v.number for v in await each_academy.versions()]
    assert numbers == [5, 4, 2, 1]
    with pytest.raises(InvalidInput, match="state"):
        await each_academy.does(actions.go_back, HUANG, NAME, 5, "同一版")


async def test_nobody_begins_what_is_retired_and_it_can_be_offered_again(each_academy):
    await each_academy.does(actions.retire, HUANG, NAME, "内容要重写")
    async with each_academy.rt.db.read() as tx:
        assert list(await tx.execute(reading.published())) == []
        assert (await tx.execute(reading.content(NAME, 1))).first() is not None
    await each_academy.does(actions.retire, HUANG, NAME, "写好了", again=True)
    async with each_academy.rt.db.read() as tx:
        assert len(list(await tx.execute(reading.published()))) == 1
    with pytest.raises(InvalidInput, match="state"):
        await each_academy.does(actions.retire, HUANG, NAME, "再来", again=True)


async def test_who_works_for_a_district_leaves_the_citys_courses_alone(academy):
    with pytest.raises(NotFound):
        await academy.does(actions.save, AUTHOR, replace(school.course(), goal=OTHER))
    own = replace(school.course(), id="our-own", title="我们区的课")
    with pytest.raises(NotAllowed):
        await academy.does(actions.create, AUTHOR, own, "gz/yuexiu")
    await academy.does(actions.create, AUTHOR, own, "gz/tianhe")
    assert (await academy.draft("our-own")).state is State.DRAFT


async def test_two_courses_do_not_share_a_title(academy):
    twin = replace(school.course(), id="twin")
    await academy.does(actions.create, CHEN, twin, "gz")
    with pytest.raises(InvalidInput, match="title_taken"):
        await academy.does(actions.submit, CHEN, "twin")
    with pytest.raises(InvalidInput, match="id_taken"):
        await academy.does(actions.create, CHEN, twin, "gz")
