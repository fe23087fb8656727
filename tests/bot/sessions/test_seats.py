"""Sign-up: capacity is never exceeded and nobody is lost, by page and by chat."""

import asyncio
import random

import pytest

from bot.errors import InvalidInput
from bot.sessions import reminding, seats
from tests.support.world import ACCOUNT


async def stands(gate, number):
    rows = await gate.rows(
        "SELECT openid, state FROM session_signup WHERE session = :n ORDER BY at, openid", n=number
    )
    return {row["openid"]: row["state"] for row in rows}


async def told(gate, kind):
    found = await gate.rows("SELECT * FROM broadcast ORDER BY id")
    return [row for row in found if row["about"].split(":")[2] == kind]


async def test_the_line_moves_up_when_a_seat_is_given_back_and_who_moved_is_told(each_gate):
    gate = each_gate
    session = await gate.session(capacity=1)
    assert (await gate.join(session.id, "a")).state == "going"
    for n, name in enumerate("bc", 1):
        gate.house.wait(seconds=1)
        seat = await gate.join(session.id, name)
        assert (seat.state, seat.place) == ("waiting", n)
    gate.house.wait(seconds=1)
    await gate.leave(session.id, "a")
    assert await stands(gate, session.id) == {"a": "cancelled", "b": "going", "c": "waiting"}
    (order,) = await told(gate, "seated")
    stamp = order["about"].split(":")[3]
    async with gate.rt.db.read() as tx:
        found = (await tx.execute(reminding.seated(f"{session.id}.{stamp}"))).all()
    assert [tuple(row) for row in found] == [(ACCOUNT, "b")]
    async with gate.rt.db.read() as tx:
        assert (await seats.of(tx, session.id, (ACCOUNT, "c"))).place == 1


async def test_more_room_seats_those_who_wait_in_their_order(gate):
    session = await gate.session(capacity=1)
    for name in "abcd":
        gate.house.wait(seconds=1)
        await gate.join(session.id, name)
    await gate.change(session.id, capacity=3)
    found = await stands(gate, session.id)
    assert [found[n] for n in "abcd"] == ["going", "going", "going", "waiting"]


@pytest.mark.parametrize("seed", range(3))
async def test_a_stress_of_joins_and_leaves_keeps_capacity_and_loses_nobody(each_gate, seed):
    gate, chance = each_gate, random.Random(seed)
    session = await gate.session(capacity=5)
    people = [f"p{n:02d}" for n in range(24)]

    async def acts(name):
        left = False
        for _ in range(chance.randint(1, 3)):
            await gate.join(session.id, name)
            left = chance.random() < 0.4
            if left:
                await gate.leave(session.id, name)
            if chance.random() < 0.2:
                await seats.seat_waiting(gate.rt)
        return name, left

    ends = dict(await asyncio.gather(*(acts(name) for name in people)))
    found = await stands(gate, session.id)
    assert set(found) == set(people)
    going = [n for n, state in found.items() if state == "going"]
    waiting = [n for n, state in found.items() if state == "waiting"]
    assert len(going) <= 5
    assert set(going) | set(waiting) == {name for name, left in ends.items() if not left}
    assert not waiting or len(going) == 5


async def test_the_chat_lists_joins_and_takes_back_by_number(each_gate):
    gate = each_gate
    session = await gate.session()
    _, phone = await gate.phone(in_class=True)
    mother = gate.house.city.parent("other")
    parent, _ = await gate.phone("father", in_class=True)
    listed = await parent.says("学校有什么活动")
    assert "1 11.26 17:00-18:00「放学第一句话说什么」示范一小 东门" in listed
    gate.house.wait(seconds=1)
    assert "报上名了" in await parent.says("1")
    assert await stands(gate, session.id) == {parent.openid: "going"}
    gate.house.wait(seconds=1)
    assert "（已报名）" in await parent.says("学校有什么活动")
    gate.house.wait(seconds=1)
    assert "已取消报名" in await parent.says("1")
    assert await stands(gate, session.id) == {parent.openid: "cancelled"}
    await mother.follows()
    gate.house.wait(seconds=1)
    assert "请问班主任" in await mother.says("学校有什么活动")  # no child at this school
    assert phone.key


async def test_many_in_the_chat_at_once_never_take_more_than_there_is(each_gate):
    gate = each_gate
    session = await gate.session(capacity=3)
    parents = [(await gate.phone(f"p{n}", in_class=True))[0] for n in range(6)]
    for one in parents:
        await one.says("学校有什么活动")
    gate.house.wait(seconds=1)
    said = await asyncio.gather(*(one.says("1") for one in parents))
    promised = sum("报上名了" in text for text in said)
    found = list((await stands(gate, session.id)).values())
    assert found.count("going") == promised <= 3
    assert len(found) == 6
    await seats.seat_waiting(gate.rt)
    found = list((await stands(gate, session.id)).values())
    assert (found.count("going"), found.count("waiting")) == (3, 3)


async def test_what_is_over_or_cancelled_cannot_be_joined(gate):
    session = await gate.session()
    await gate.cancel(session.id)
    with pytest.raises(InvalidInput):
        await gate.join(session.id, "a")
    other = await gate.session(at="2026-11-26 17:30")
    gate.at("2026-11-26 19:00")
    with pytest.raises(InvalidInput):
        await gate.join(other.id, "a")


async def test_the_page_signs_up_waits_and_takes_back(gate):
    session = await gate.session(capacity=1)
    await gate.join(session.id, "a")
    _, phone = await gate.phone(in_class=True)
    page = f"/h/sessions/{session.code}"
    assert "放学第一句话说什么" in (await phone.get("/h/sessions")).text
    await phone.post(f"{page}/join", page=page)
    shown = (await phone.get(page)).text
    assert "排在第 1 位" in shown
    await gate.leave(session.id, "a")
    assert "已报名" in (await phone.get(page)).text
    await phone.post(f"{page}/leave", page=page)
    assert "报名</button>" in (await phone.get(page)).text
    assert (await phone.get("/h/sessions/nosuch")).status == 404


async def test_a_draft_is_shown_to_nobody(gate):
    session = await gate.session(publish=False)
    _, phone = await gate.phone(in_class=True)
    assert "放学第一句话" not in (await phone.get("/h/sessions")).text
    assert (await phone.get(f"/h/sessions/{session.code}")).status == 404


async def test_who_has_no_child_at_a_school_is_not_shown_its_sessions(gate):
    await gate.session()
    _, far = await gate.phone("far")
    assert "放学第一句话" not in (await far.get("/h/sessions")).text
