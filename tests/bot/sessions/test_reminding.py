"""Orders a day and an hour before, of a change, of a cancellation; the quiet hours are kept."""

import json
from datetime import timedelta

import pytest

from bot.clock import GUANGZHOU
from bot.sessions import reminding
from tests.support.gate import moment_of


async def orders(gate):
    return await gate.rows("SELECT * FROM broadcast ORDER BY id")


def leaves(order):
    at = order["not_before"]
    from datetime import UTC, datetime

    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return at.astimezone(GUANGZHOU).strftime("%m-%d %H:%M")


async def test_a_day_and_an_hour_before_each_once(each_gate):
    gate = each_gate
    session = await gate.session(at="2026-11-28 16:00")
    await gate.join(session.id, "a")
    found = []
    for at in ("11-27 15:40", "11-27 15:51", "11-27 15:52", "11-28 14:40", "11-28 14:51",
               "11-28 14:52", "11-28 16:30"):  # fmt: skip
        gate.at(f"2026-{at}")
        found.append(await reminding.remind(gate.rt))
    assert found == [0, 1, 0, 0, 1, 0, 0]
    day, hour = await orders(gate)
    assert (day["about"], hour["about"]) == (
        f"session:{session.id}:day:2", f"session:{session.id}:hour:2",
    )  # fmt: skip
    assert json.loads(day["audience"])["features"] == {"session_going": str(session.id)}
    assert (leaves(day), leaves(hour)) == ("11-27 16:00", "11-28 15:00")
    assert json.loads(day["content"])[0]["pull"]["url"] == f"/h/sessions/{session.code}"


@pytest.mark.parametrize(("begins", "hour"), [
    ("2026-11-28 08:30", "11-27 20:30"), ("2026-11-28 22:30", "11-28 20:30"),
    ("2026-11-28 09:00", "11-28 08:00"),
])  # fmt: skip
async def test_an_hour_in_the_quiet_hours_becomes_the_evening_before_them(gate, begins, hour):
    session = await gate.session(at=begins)
    await gate.join(session.id, "a")
    at = moment_of("2026-11-27 06:00")
    while at < moment_of(begins):
        gate.at(at.strftime("%Y-%m-%d %H:%M"))
        await reminding.remind(gate.rt)
        at += timedelta(minutes=30)
    kinds = {row["about"].split(":")[2]: leaves(row) for row in await orders(gate)}
    assert kinds["hour"] == hour


async def test_what_is_long_past_is_left_out(gate):
    session = await gate.session(at="2026-11-26 15:45")
    await gate.join(session.id, "a")
    assert await reminding.remind(gate.rt) == 1  # the hour, at once; the day is past
    (order,) = await orders(gate)
    assert ":hour:" in order["about"]


async def test_another_time_or_place_is_told_to_all_who_signed_up_and_reminded_anew(each_gate):
    gate = each_gate
    session = await gate.session(at="2026-11-28 16:00", capacity=1)
    for name in "ab":
        await gate.join(session.id, name)
    gate.at("2026-11-27 16:00")
    await reminding.remind(gate.rt)
    await gate.change(session.id, text="别的话")
    assert len(await orders(gate)) == 1
    await gate.change(session.id, place="示范一小 西门")
    told = (await orders(gate))[-1]
    assert ":changed:" in told["about"]
    assert "示范一小 西门" in told["content"]
    async with gate.rt.db.read() as tx:
        found = (await tx.execute(reminding.signed_up(str(session.id)))).all()
    assert {row.openid for row in found} == {"a", "b"}
    before = await gate.row(session.id)
    day = timedelta(days=1)
    await gate.change(
        session.id, starts_at=before.starts_at + day, ends_at=before.ends_at + day
    )  # fmt: skip
    after = await gate.row(session.id)
    assert (after.revision, after.reminded) == (before.revision + 1, "")
    gate.at("2026-11-28 16:00")
    assert await reminding.remind(gate.rt) == 1


async def test_a_cancelled_one_is_told_and_never_reminded_of(gate):
    session = await gate.session(at="2026-11-28 16:00")
    await gate.join(session.id, "a")
    await gate.cancel(session.id)
    gate.at("2026-11-28 15:00")
    assert await reminding.remind(gate.rt) == 0
    (order,) = await orders(gate)
    assert "取消了" in order["content"]


@pytest.mark.parametrize("value", ["", "x", "1.", ".1", "-1", "\u00b2", "9" * 40, "1 OR 1=1"])
async def test_audiences_of_nonsense_are_empty(each_gate, value):
    async with each_gate.rt.db.read() as tx:
        for named in (reminding.going, reminding.signed_up, reminding.seated):
            assert (await tx.execute(named(value))).all() == []
