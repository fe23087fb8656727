"""When something counts as a surge, what is shown of it, and what the staff do with it."""

from datetime import timedelta

import pytest

from bot.errors import InvalidInput, NotFound
from bot.pinned import jobs, surge_actions, surge_queries, watch
from tests.bot.pinned.conftest import PANYU, RUMOUR, TIANHE

BUSY = ("孩子写作业拖拉怎么办", "孩子沉迷游戏怎么办", "手机要不要给孩子", "孩子不爱看书")


async def surges(room):
    return await room.office.rows("SELECT * FROM surge ORDER BY id")


async def test_a_rumour_of_one_district_is_raised_once_with_its_figures(room):
    await room.asked(214)
    await room.asked(12, area=TIANHE)
    assert await watch.watch_surges(room.rt) == 1
    assert await watch.watch_surges(room.rt) == 1
    (row,) = await surges(room)
    assert (row["area"], row["count"], row["askers"], row["usual"]) == (PANYU, 214, 214, 0)
    actor = await room.person("reader")
    async with room.rt.db.read() as tx:
        found = await surge_queries.one(tx, actor, row["id"])
        told = (await surge_queries.wordings(tx, [found]))[row["id"]]
    assert len(told) == 3
    assert set(told) <= set(RUMOUR)


@pytest.mark.parametrize(("times", "raised"), [(29, 0), (30, 1)])
async def test_fewer_than_the_least_are_none(room, times, raised):
    await room.asked(times)
    await watch.watch_surges(room.rt)
    assert len(await surges(room)) == raised


async def test_a_few_people_who_repeat_themselves_are_none(room):
    await room.asked(200, people=9)
    await watch.watch_surges(room.rt)
    assert await surges(room) == []


@pytest.mark.parametrize(("each", "raised"), [(10, 1), (11, 0)])
async def test_what_is_usual_at_this_hour_is_none(room, each, raised):
    """40 questions are four times 10, and not four times 11."""
    await room.asked(40)
    for days in range(1, 8):
        await room.asked(each, ago=timedelta(days=days, minutes=5))
    await watch.watch_surges(room.rt)
    assert len(await surges(room)) == raised


async def test_another_hour_of_the_days_before_does_not_count(room):
    await room.asked(40)
    for days in range(1, 8):
        await room.asked(40, ago=timedelta(days=days, hours=3))
    assert await watch.watch_surges(room.rt) == 1


async def test_a_busy_hour_about_many_things_is_none(room):
    await room.asked(80, words=BUSY)
    await watch.watch_surges(room.rt)
    assert await surges(room) == []


async def test_names_and_numbers_are_left_out_of_the_wordings(room):
    words = ("张老师说番禺停课是真的吗", "我叫陈小明，番禺停课吗", "番禺停课吗加微信abc_12345")
    await room.asked(40, words=words)
    await watch.watch_surges(room.rt)
    (row,) = await surges(room)
    actor = await room.person("reader")
    async with room.rt.db.read() as tx:
        found = await surge_queries.one(tx, actor, row["id"])
        told = "".join((await surge_queries.wordings(tx, [found]))[row["id"]])
    assert "停课" in told
    assert not [w for w in ("张", "陈小明", "abc_12345") if w in told], told


async def test_when_the_questions_are_erased_no_word_is_left(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    await room.office.change("DELETE FROM decision")
    actor = await room.person("reader")
    async with room.rt.db.read() as tx:
        (row,) = await surge_queries.listed(tx, actor, alive=True, offset=0, limit=9)
        assert await surge_queries.wordings(tx, [row]) == {row.id: []}


async def test_only_the_staff_of_the_place_see_it(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    (row,) = await surges(room)
    for login, grant, sees in (
        ("here", ("editor", PANYU, ""), True),
        ("city", ("operator", "", ""), True),
        ("there", ("editor", TIANHE, ""), False),
        ("school", ("editor", f"{PANYU}/shiqiao-1", ""), False),
    ):
        actor = await room.person(login, grant)
        async with room.rt.db.read() as tx:
            assert await surge_queries.count(tx, actor) == sees, login
            if not sees:
                with pytest.raises(NotFound):
                    await surge_queries.one(tx, actor, row["id"])


async def test_it_is_given_to_somebody_of_the_place_and_closed_with_a_note(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    number = (await surges(room))[0]["id"]
    editor = await room.person("editor")
    here = await room.person("here", ("editor", PANYU, ""))
    there = await room.person("there", ("editor", TIANHE, ""))
    with pytest.raises(InvalidInput, match=r"surge\.assignee"):
        await room.does(surge_actions.assign, editor, number, there.id)
    await room.does(surge_actions.assign, editor, number, here.id)
    assert (await surges(room))[0]["assignee"] == here.id
    with pytest.raises(InvalidInput, match=r"surge\.note_missing"):
        await room.does(surge_actions.close, here, number, " ")
    await room.does(surge_actions.close, here, number, "已辟谣")
    with pytest.raises(InvalidInput, match=r"surge\.state"):
        await room.does(surge_actions.close, here, number, "又一次")
    with pytest.raises(NotFound):
        await room.does(surge_actions.close, there, number, "x")


async def test_closed_it_stays_quiet_for_some_hours_and_then_may_rise_again(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    number = (await surges(room))[0]["id"]
    await room.does(surge_actions.close, await room.person("editor"), number, "已辟谣")
    await watch.watch_surges(room.rt)
    assert len(await surges(room)) == 1
    room.office.clock.turn(hours=4)
    await room.asked(60)
    await watch.watch_surges(room.rt)
    assert [r["state"] for r in await surges(room)] == ["closed", "open"]


async def test_it_goes_with_the_days_of_the_questions(room):
    await room.asked(40)
    await watch.watch_surges(room.rt)
    room.office.clock.turn(days=room.rt.settings.decision_days + 1)
    assert await jobs.forget_surges(room.rt) == 1
    assert await surges(room) == []
