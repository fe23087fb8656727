"""Ordered campaigns: they are sent, held, stopped, corrected; the figures always add up."""

from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest

from bot.campaigns import actions, audiences, messages, results, running, sheet
from bot.campaigns.states import State
from bot.console.render import Renderer
from bot.delivery import brake, clicks, control, erasing, freeze, sender
from bot.dialogue import aside
from bot.errors import InvalidInput, NotFound
from tests.support import sending, world
from tests.support.campaigning import WORDS, Team, draft, form
from tests.support.office import YUEXIU
from tests.support.staffing import hire


@asynccontextmanager
async def crew(settings, count=30):
    """Parents of Tianhe on the platform, and two colleagues."""
    async with sending.opened(settings) as office:
        people = await office.people(count)
        await office.change(
            "UPDATE follower SET scene = 'unit:gz/tianhe' WHERE account = :a", a=world.ACCOUNT
        )
        team = Team(office)
        for name, area in (("ann", "gz/tianhe"), ("bob", "gz/tianhe"), ("eve", YUEXIU)):
            team.actors[name] = await hire(office.rt, name, ("operator", area, ""))
        yield team, office, people


@pytest.fixture
async def ready(settings):
    async with crew(settings) as found:
        yield found


async def ordered(team, made=None, count=30):
    number = await team.create("ann", made or draft())
    await team.submit("ann", number, "bob")
    await team.approve("bob", number, count=count)
    return number, (await team.one("ann", number)).broadcast


async def begun(office, broadcast):
    """Freeze it and let the hold pass."""
    await freeze.freeze(office.rt, broadcast)
    office.clock.turn(seconds=120)
    await office.look()


async def figures(office, broadcast):
    async with office.rt.db.read() as tx:
        now = await results.progress(tx, broadcast)
        rows = await results.reasons(tx, broadcast)
    assert sum(count for _, count in now.figures) == now.frozen
    assert sum(count for *_, count in rows) == now.frozen
    return dict(now.figures)


async def test_it_waits_and_then_everybody_gets_it_once_with_an_own_link(ready):
    team, office, people = ready
    number, broadcast = await ordered(team)
    await freeze.freeze(office.rt, broadcast)
    office.clock.turn(seconds=80)
    await office.look()
    assert await office.stage(broadcast) == "waiting"
    office.clock.turn(seconds=20)
    await office.look()
    await office.send(broadcast)
    assert (await figures(office, broadcast))["sent"] == 30
    assert office.shown() == dict.fromkeys(people, 1)
    assert (await team.one("ann", number)).state is State.ORDERED


async def test_undone_in_the_hold_nothing_leaves(ready):
    team, office, _ = ready
    number, broadcast = await ordered(team)
    await freeze.freeze(office.rt, broadcast)
    assert await team.do(running.stop, "ann", number) is True
    office.clock.turn(minutes=5)
    for _ in range(2):
        await office.look()
    await office.send(broadcast)
    found = await figures(office, broadcast)
    assert (office.shown(), found["stopped"]) == ({}, 30)
    with pytest.raises(InvalidInput, match=r"broadcast\.stage"):
        await team.do(running.stop, "ann", number)


async def test_paused_it_waits_and_goes_on_in_another_round(ready):
    team, office, people = ready
    number, broadcast = await ordered(team)
    with pytest.raises(InvalidInput, match=r"broadcast\.stage"):
        await team.do(running.pause, "ann", number)
    await begun(office, broadcast)
    await team.do(running.pause, "ann", number)
    await office.send(broadcast)
    assert office.shown() == {}
    (row,) = await office.rows("SELECT round FROM broadcast")
    assert row["round"] == 1
    await team.do(running.resume, "bob", number)
    (row,) = await office.rows("SELECT round FROM broadcast")
    assert row["round"] == 2
    await office.send(broadcast)
    assert office.shown() == dict.fromkeys(people, 1)
    assert await office.stage(broadcast) == "finished"


async def test_stopped_on_the_way_the_rest_is_counted_as_stopped(ready):
    team, office, _ = ready
    number, broadcast = await ordered(team)
    await begun(office, broadcast)
    assert await team.do(running.stop, "ann", number) is False
    await office.look()
    found = await figures(office, broadcast)
    assert (found["stopped"], found["open"]) == (30, 0)
    with pytest.raises(InvalidInput, match=r"broadcast\.stage"):
        await team.do(running.resume, "ann", number)


async def test_a_pause_too_long_does_not_go_on_late(ready):
    team, office, _ = ready
    number, broadcast = await ordered(team)
    await begun(office, broadcast)
    await team.do(running.pause, "ann", number)
    office.clock.turn(hours=3)
    with pytest.raises(InvalidInput, match=r"broadcast\.past"):
        await team.do(running.resume, "ann", number)


async def test_what_a_restore_paused_before_it_ran_is_held_again(ready):
    team, office, _ = ready
    number, broadcast = await ordered(team)
    await freeze.freeze(office.rt, broadcast)
    await office.change("UPDATE broadcast SET stage = 'paused', reason = 'restored'")
    await team.do(running.resume, "ann", number)
    assert await office.stage(broadcast) == "waiting"


async def test_nobody_of_another_district_holds_it(ready):
    team, _, _ = ready
    number, _ = await ordered(team)
    for work in (running.pause, running.resume, running.stop):
        with pytest.raises(NotFound):
            await team.do(work, "eve", number)


async def test_the_brake_stops_all_of_them(ready):
    team, office, _ = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    async with office.rt.db.write() as tx:
        await brake.pull(tx, office.clock.now(), "ann")
    await sender.send_batch(office.rt, broadcast, 0, "w1")
    assert office.shown() == {}
    assert (await figures(office, broadcast))["open"] == 30


async def test_half_get_the_other_text_and_clicks_are_counted_by_text(ready):
    team, office, _ = ready
    words = replace(WORDS, text_b="另一种说法：周六来听一节公开课。")
    _, broadcast = await ordered(team, draft(words=words))
    await begun(office, broadcast)
    await office.send(broadcast)
    rows = await office.rows("SELECT n, variant FROM delivery")
    halves = [sum(r["variant"] == v for r in rows) for v in (0, 1)]
    assert sum(halves) == 30
    async with office.rt.db.write() as tx:
        for row in rows:
            await clicks.note(tx, broadcast, row["n"], office.clock.now())
    async with office.rt.db.read() as tx:
        found = await results.variants(tx, broadcast)
    shown = [half if half >= 10 else None for half in halves]
    assert [(v.name, v.reached, v.clicked) for v in found] == [
        ("A", shown[0], shown[0]), ("B", shown[1], shown[1]),
    ]  # fmt: skip


async def test_few_clicks_are_not_shown(ready):
    team, office, _ = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    (row, *_) = await office.rows("SELECT n FROM delivery ORDER BY n")
    async with office.rt.db.write() as tx:
        await clicks.note(tx, broadcast, row["n"], office.clock.now())
    async with office.rt.db.read() as tx:
        (one,) = await results.variants(tx, broadcast)
    assert (one.reached, one.clicked, one.rate) == (30, None, None)


async def test_a_correction_goes_to_exactly_those_who_were_reached(ready):
    team, office, people = ready
    number, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    await office.change("UPDATE delivery SET state = 'opted_out' WHERE openid = :o", o=people[0])
    made = await team.do(actions.correct, "ann", number, form(), ("更正", "时间改为下午三点。"))
    one = await team.one("ann", made)
    assert (one.draft.kind, one.draft.corrects) == ("correction", number)
    async with office.rt.db.read() as tx:
        found = await tx.execute(audiences.received(str(broadcast)))
        assert {row.openid for row in found} == set(people[1:])
        assert (await tx.execute(audiences.clicked("x"))).all() == []
    await team.submit("ann", made, "bob")
    await team.approve("bob", made, count=29)
    await begun(office, (await team.one("ann", made)).broadcast)
    await office.send((await team.one("ann", made)).broadcast)
    assert office.shown() == {people[0]: 1} | dict.fromkeys(people[1:], 2)


async def test_what_was_meant_for_a_parent_is_on_the_own_page(ready):
    team, office, people = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    mine, other = (world.ACCOUNT, people[0]), (world.ACCOUNT, people[1])
    async with office.rt.db.write() as tx:
        (one,) = await messages.listed(office.rt, tx, mine, 20)
        assert (one.title, one.is_read) == (WORDS.title, False)
        assert await messages.unread(office.rt, tx, mine) == 1
        assert await messages.opened(office.rt, tx, other, one.id) is None
        assert await messages.opened(office.rt, tx, mine, "c1-x") is None
        assert (await messages.opened(office.rt, tx, mine, one.id)).id == one.id
        assert await messages.unread(office.rt, tx, mine) == 0
        assert await messages.unread(office.rt, tx, other) == 1
    await office.change("UPDATE delivery SET state = 'kept' WHERE openid = :o", o=people[1])
    await office.change("UPDATE delivery SET state = 'opted_out' WHERE openid = :o", o=people[2])
    async with office.rt.db.read() as tx:
        assert len(await messages.listed(office.rt, tx, other, 20)) == 1
        assert await messages.listed(office.rt, tx, (world.ACCOUNT, people[2]), 20) == []


async def test_who_leaves_is_nobody_in_the_ledger_and_gets_nothing(ready):
    team, office, people = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)

    def leave(turn):
        erasing.forget(turn.write, (world.ACCOUNT, people[0]), turn.now)

    await aside.act(office.rt, (world.ACCOUNT, people[0]), leave)
    rows = await office.rows("SELECT openid, state, reason FROM delivery WHERE state <> 'planned'")
    assert [tuple(row.values()) for row in rows] == [("", "opted_out", "erased")]
    await office.send(broadcast)
    assert people[0] not in office.shown()
    found = await figures(office, broadcast)
    assert (found["sent"], found["opted_out"]) == (29, 1)
    assert await office.stage(broadcast) == "finished"


async def test_who_leaves_afterwards_keeps_only_the_count(ready):
    team, office, people = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    gone = partial(_leave, office, people[0])
    await aside.act(office.rt, (world.ACCOUNT, people[0]), gone)
    assert (await figures(office, broadcast))["sent"] == 30
    assert await office.rows("SELECT 1 FROM delivery WHERE openid = :o", o=people[0]) == []


def _leave(office, openid, turn):
    for erase in office.rt.erasers:
        erase(turn)


async def test_a_parent_reads_every_message_in_the_export(ready):
    team, office, people = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    found = {}
    async with office.rt.db.read() as tx:
        for read in office.rt.exporters:
            for kept in await read(office.rt, tx, (world.ACCOUNT, people[0])):
                found[kept.title] = kept
    (row,) = found["发给您的通知"].rows
    assert (row[1], row[3], row[4]) == (WORDS.title, "公众号消息", "已发出")


async def test_the_file_of_results_holds_figures_and_nobody(ready):
    team, office, people = ready
    _, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    async with office.rt.db.read() as tx:
        now = await results.progress(tx, broadcast)
        given = await results.reasons(tx, broadcast), await results.variants(tx, broadcast)
    body = sheet.write(Renderer(("console", "campaigns")), str, now, *given).decode()
    assert "已发出,客服消息,,30" in body
    assert "合计,,,30" in body
    assert not [who for who in people if who in body or office.rt.pseudonyms.name(who) in body]


async def test_rows_by_place_hide_small_ones(ready):
    team, office, people = ready
    await office.change(
        "UPDATE follower SET scene = 'unit:gz/tianhe/a' WHERE openid <= :o", o=sorted(people)[21]
    )
    number, broadcast = await ordered(team)
    await begun(office, broadcast)
    await office.send(broadcast)
    campaign = await team.one("ann", number)
    async with office.rt.db.read() as tx:
        now = await results.progress(tx, broadcast)
        paths = ["gz/tianhe/a", "gz/tianhe/b"]
        found = await results.by_area(tx, campaign, now.order, paths)
    assert found["gz/tianhe/b"] is None
    assert sum(count or 0 for count in found.values()) <= 22


async def test_control_knows_what_there_is(ready):
    _, office, _ = ready
    async with office.rt.db.write() as tx:
        for work in (control.pause, partial(control.resume, now=office.clock.now())):
            with pytest.raises(NotFound):
                await work(tx, 99)
