"""Following, leaving, scanning, tapping."""

import pytest

from bot.wechat import events, messages
from tests.support.desk import FATHER, MOTHER


async def follower(desk, who=MOTHER):
    rows = await desk.rows("SELECT * FROM follower WHERE openid = :o", o=who)
    return rows[0] if rows else None


async def test_a_new_follower_is_welcomed_and_kept_with_the_scene(each_desk):
    desk = each_desk
    (told,) = await desk.gets(desk.event(events.Subscribe, "school7", "ticket", at=100))
    assert told.text.startswith(desk.rt.say("welcome"))
    kept = await follower(desk)
    assert (bool(kept["follows"]), kept["changed_s"], kept["scene"]) == (True, 100, "school7")


async def test_a_follower_without_a_code_has_no_scene(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "", ""))
    assert (await follower(desk))["scene"] is None


async def test_an_old_subscribe_does_not_undo_a_newer_unsubscribe(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "", "", at=100))
    await desk.gets(desk.event(events.Unsubscribe, at=300))
    await desk.gets(desk.event(events.Subscribe, "late", "", at=200))
    kept = await follower(desk)
    assert (bool(kept["follows"]), kept["changed_s"], kept["scene"]) == (False, 300, None)


async def test_the_order_holds_inside_one_batch_too(each_desk):
    desk = each_desk
    await desk.gets(
        desk.event(events.Unsubscribe, at=300),
        desk.event(events.Subscribe, "", "", at=200),
        desk.event(events.Subscribe, "", "", at=100, who=FATHER),
        desk.event(events.Unsubscribe, at=50, who=FATHER),
    )
    assert not (await follower(desk))["follows"]
    assert (await follower(desk, FATHER))["follows"]


async def test_who_comes_back_follows_again(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Unsubscribe, at=300))
    await desk.gets(desk.event(events.Subscribe, "", "", at=301))
    assert (await follower(desk))["follows"]


async def test_leaving_shows_nothing_and_erases_the_words(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "", ""))
    await desk.says("孩子写作业总是拖拉怎么办，他叫小明")
    await desk.says("没用")
    assert "小明" in await desk.everything()
    assert await desk.gets(desk.event(events.Unsubscribe)) == [None]
    left = await desk.everything()
    assert "小明" not in left
    assert "拖拉" not in left
    assert "依据" not in left  # the answers tell what was asked
    assert desk.rt.pseudonyms.name(MOTHER) not in left


async def test_leaving_erases_nothing_of_others(each_desk):
    desk = each_desk
    await desk.says("孩子写作业总是拖拉怎么办", who=FATHER)
    await desk.gets(desk.event(events.Unsubscribe))
    assert "拖拉" in await desk.everything()
    assert "依据：" in await desk.says("1", who=FATHER)


async def test_a_known_follower_who_scans_is_greeted_as_one(desk):
    (told,) = await desk.gets(desk.event(events.Scan, "school7", "ticket"))
    assert told.text.startswith(desk.rt.say("welcome", "returning"))


@pytest.mark.parametrize(
    ("key", "intent", "name"),
    [
        ("HELP", "help", "main"),
        ("PRIVACY", "privacy", "main"),
        ("GONE", "help", "main"),
    ],
)
async def test_a_tap_on_the_menu_is_answered(desk, key, intent, name):
    (told,) = await desk.gets(desk.event(events.Click, key))
    assert told.text == desk.rt.say(intent, name)


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        (messages.Image, ("http://p", "m"), "image"),
        (messages.Video, ("m", "t"), "video"),
        (messages.ShortVideo, ("m", "t"), "video"),
        (messages.Voice, ("m", "amr", ""), "voice"),
        (messages.Link, ("t", "d", "http://u"), "link"),
        (messages.File, ("t", "d", "k", "md5", 1), "file"),
    ],
)
async def test_what_carries_no_words_is_said_to_be_unreadable(desk, kind, fields, name):
    (told,) = await desk.gets(desk.event(kind, *fields))
    assert told.text == desk.rt.say("unsupported_media", name)
    kept = await desk.rows("SELECT kind, content FROM inbox")
    assert dict(kept[0]) == {"kind": kind.__name__, "content": ""}
