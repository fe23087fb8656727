"""Reminders off by kind, all of them, and on again; consents are rows that are only added."""

from dataclasses import replace

import pytest

from bot.h5 import privacy
from bot.profile import reminders
from bot.wechat import events
from tests.support.desk import FATHER, MOTHER


@pytest.fixture
async def parents(each_desk):
    """A desk that both parents follow."""
    await each_desk.gets(
        each_desk.event(events.Subscribe, "", ""),
        each_desk.event(events.Subscribe, "", "", who=FATHER),
    )
    return each_desk


async def consents(desk, who=MOTHER):
    rows = await desk.rows("SELECT * FROM consent WHERE openid = :o ORDER BY id", o=who)
    return [(r["kind"], bool(r["is_given"])) for r in rows]


async def quiet(desk):
    rows = await desk.rows("SELECT openid FROM follower WHERE reminders_off_at IS NOT NULL")
    return [r["openid"] for r in rows]


def naming(desk, monkeypatch, **slots):
    """Let every text carry these slots, as the understander finds them in words."""
    real = desk.rt.understand
    monkeypatch.setattr(
        type(desk.rt),
        "understand",
        property(lambda _: lambda text: replace(real(text), slots=slots)),
        raising=False,
    )


async def test_it_asks_which_and_nothing_changes_yet(parents):
    told = await parents.says("退订")
    assert [line[:1] for line in told.splitlines()[1:4]] == ["1", "2", "3"]
    assert (await consents(parents), await quiet(parents)) == ([], [])


@pytest.mark.parametrize(
    ("picked", "kept", "off"),
    [
        ("1", [("lessons", False)], []),
        ("微课提醒", [("lessons", False)], []),
        ("活动通知", [("events", False)], []),
        ("２", [("events", False)], []),
        ("全部", [("lessons", False), ("events", False)], [MOTHER]),
        ("3", [("lessons", False), ("events", False)], [MOTHER]),
    ],
)
async def test_a_number_or_its_name_turns_a_kind_off(parents, picked, kept, off):
    await parents.says("退订")
    await parents.says(picked)
    assert await consents(parents) == kept
    assert await consents(parents, FATHER) == []
    assert await quiet(parents) == off
    versions = await parents.rows("SELECT DISTINCT version FROM consent")
    assert [r["version"] for r in versions] == [privacy.version()]


@pytest.mark.parametrize("number", ["4", "0"])
async def test_another_number_is_none_of_them(parents, number):
    await parents.says("退订")
    assert await parents.says(number) == parents.rt.say("number_choice", "out_of_range")
    assert await consents(parents) == []


async def test_a_number_that_comes_too_late_turns_nothing_off(parents):
    await parents.says("退订")
    parents.clock.turn(minutes=11)
    await parents.says("3")
    assert (await consents(parents), await quiet(parents)) == ([], [])


async def test_a_named_kind_is_turned_off_at_once(parents, monkeypatch):
    with monkeypatch.context() as patched:
        naming(parents, patched, kind="events")
        told = await parents.says("退订")
    assert told == parents.rt.say("reminders", "off_events")
    assert await consents(parents) == [("events", False)]


async def test_the_wish_outlives_a_second_follow(parents):
    await parents.says("退订")
    await parents.says("3")
    parents.clock.turn(minutes=1)
    await parents.gets(parents.event(events.Subscribe, "", ""))
    assert await quiet(parents) == [MOTHER]


async def test_on_again_by_kind_lifts_the_whole_and_leaves_the_other_off(parents):
    function = parents.engine.replies["reminders_on"]
    assert function is reminders.reminders_on
    await parents.says("退订")
    await parents.says("3")
    parents.engine.replies["unsubscribe"] = function  # the words of `on` are not ours to test
    assert parents.rt.say("reminders", "ask_on") in await parents.says("退订")
    assert await parents.says("1") == parents.rt.say("reminders", "on_lessons")
    assert await quiet(parents) == []
    last = dict(await consents(parents))
    assert last == {"lessons": True, "events": False}


async def test_while_a_person_talks_it_means_all(parents):
    await parents.says("转人工")
    async with parents.rt.db.write() as tx:
        closed, opened = '"is_open":false', '"is_open":true'
        await tx.exec_driver_sql(
            f"UPDATE conversation SET state = replace(state, '{closed}', '{opened}')"
        )
    assert await parents.says("退订") == parents.rt.say("reminders", "off_all")
    assert await quiet(parents) == [MOTHER]
