"""The window for customer messages, kept with every batch of messages, on both databases."""

import pytest

from bot.people import windows
from bot.people.reach import reach
from bot.wechat import events
from bot.wechat.messages import Text
from tests.support import world
from tests.support.desk import FATHER, MOTHER


async def window(desk, who=MOTHER):
    """Return how many are left and for how many seconds, and whether the parent ever wrote."""
    async with desk.rt.db.read() as tx:
        query = reach.select().where(reach.c.openid == who)
        row = (await tx.execute(query)).first()
    if row is None:
        return None
    seconds = round((row.window_until - desk.clock.now()).total_seconds())
    return row.window_left, seconds, row.last_at is not None


async def test_a_message_opens_five_for_two_days(each_desk):
    await each_desk.says("您好")
    assert await window(each_desk) == (5, 48 * 3600, True)


@pytest.mark.parametrize(
    "message",
    [
        (events.Click, "PRIVACY"),
        (events.Subscribe, "", ""),
        (events.Scan, "unknown", "t"),
        (events.ScanCode, "key", True, "qrcode", "x"),
    ],
)
async def test_taps_open_three_for_a_minute(desk, message):
    await desk.gets(desk.event(*message))
    assert await window(desk) == (3, 60, False)


async def test_an_option_of_a_message_menu_counts_as_a_tap(desk):
    at = int(desk.clock.timestamp())
    await desk.gets(Text(world.ACCOUNT, MOTHER, at, "m1", "有用", "101"))
    assert await window(desk) == (3, 60, True)


async def test_an_opened_page_opens_nothing(desk):
    await desk.gets(desk.event(events.View, "https://example.cn", "1"))
    assert await window(desk) is None


async def test_the_larger_count_and_the_later_end_hold(each_desk):
    desk = each_desk
    await desk.says("您好")
    async with desk.rt.db.write() as tx:
        for _ in range(4):
            await windows.spent(tx, (world.ACCOUNT, MOTHER))
    assert (await window(desk))[0] == 1
    desk.clock.turn(hours=1)
    await desk.gets(desk.event(events.Click, "PRIVACY"))
    assert await window(desk) == (3, 47 * 3600, True)
    desk.clock.turn(hours=1)
    await desk.says("您好")
    assert await window(desk) == (5, 48 * 3600, True)


async def test_what_is_left_of_a_window_that_has_passed_is_gone(each_desk):
    desk = each_desk
    await desk.says("您好")
    desk.clock.turn(hours=49)
    await desk.gets(desk.event(events.Click, "PRIVACY"))
    assert await window(desk) == (3, 60, True)


async def test_one_row_a_parent_whatever_a_batch_holds(each_desk):
    desk = each_desk
    batch = [
        desk.words("您好"),
        desk.event(events.Click, "PRIVACY"),
        desk.words("您好", who=FATHER),
        desk.event(events.Click, "PRIVACY", who="oTap_000000000000000000000000"),
    ]
    await desk.gets(*batch)
    assert await window(desk) == await window(desk, FATHER) == (5, 48 * 3600, True)
    assert (await window(desk, "oTap_000000000000000000000000"))[0] == 3


async def test_a_message_that_waited_is_counted_from_when_it_was_sent(desk):
    sent = int(desk.clock.timestamp()) - 3600
    await desk.gets(Text(world.ACCOUNT, MOTHER, sent, "m2", "您好"))
    assert await window(desk) == (5, 47 * 3600, True)


async def test_the_platforms_word_wins(each_desk):
    desk, person = each_desk, (world.ACCOUNT, MOTHER)
    await desk.says("您好")
    async with desk.rt.db.write() as tx:
        await windows.spent(tx, person, 48002)
    assert (await window(desk))[0] == 5
    async with desk.rt.db.write() as tx:
        await windows.spent(tx, person, windows.OVER)
        await windows.spent(tx, person)
    assert (await window(desk))[0] == 0


async def test_a_refused_push_counts_once(desk):
    said = desk.words("您好")
    await desk.gets(said)
    async with desk.rt.db.write() as tx:
        await windows.spent(tx, (world.ACCOUNT, MOTHER))
    await desk.gets(said)
    assert (await window(desk))[0] == 4
