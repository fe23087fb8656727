"""What a person does on a phone, and the pushes and allowances that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import attachments, bubbles, callback, menu, pushes, texts
from bot.sandbox.errors import NotHere

if TYPE_CHECKING:
    from bot.sandbox.callback import Delivery
    from bot.sandbox.phones import Entry, Phone
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields

# Menu types that open the short allowance; a plain link does not.
OPENING = frozenset({"click", "scancode_push", "scancode_waitmsg"})


async def follow(platform: Platform, phone: Phone, scene: str = "") -> Delivery:
    """Follow the account, by search or by a code with a scene."""
    if phone.is_following:
        raise NotHere("this phone follows already", 409)
    phone.is_following = True
    platform.roll.touch()
    phone.followed_at = platform.clock.now()
    phone.follow_scene = "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH"
    phone.qr_scene = scene
    _count_action(platform, phone)
    words = texts.say("followed_by_scan", scene=scene) if scene else texts.say("followed")
    entry = platform.show(phone, "notice", {"type": "system", "content": words})
    fields = pushes.subscribe(platform.head(phone), scene, _ticket(platform, scene))
    return await push(platform, phone, fields, entry)


async def unfollow(platform: Platform, phone: Phone) -> Delivery:
    """Leave the account; tags, remark and allowance go with it."""
    _must_follow(phone)
    phone.is_following = False
    platform.roll.touch()
    phone.window.close()
    phone.tags, phone.remark = (), ""
    words = texts.say("unfollowed")
    entry = platform.show(phone, "notice", {"type": "system", "content": words})
    return await push(platform, phone, pushes.unsubscribe(platform.head(phone)), entry)


async def scan(platform: Platform, phone: Phone, scene: str) -> Delivery:
    """Scan a parametric code; somebody who does not follow yet follows by it."""
    if not scene:
        raise NotHere("a scan needs a scene")
    if not phone.is_following:
        return await follow(platform, phone, scene)
    _count_action(platform, phone)
    words = texts.say("scanned", scene=scene)
    entry = platform.show(phone, "notice", {"type": "system", "content": words})
    fields = pushes.scan(platform.head(phone), scene, _ticket(platform, scene))
    return await push(platform, phone, fields, entry)


async def say(platform: Platform, phone: Phone, content: str, menu_id: str = "") -> Delivery:
    """Write a text; with `menu_id` it is a tap on a msgmenu option, which opens less."""
    _must_follow(phone)
    if menu_id:
        _count_action(platform, phone)
        phone.talked_at = platform.clock.now()
    else:
        _count_message(platform, phone)
    entry = platform.show(phone, "own", {"type": "text", "content": content})
    return await push(platform, phone, pushes.text(platform.head(phone), content, menu_id), entry)


async def send(platform: Platform, phone: Phone, kind: str, values: dict[str, Any]) -> Delivery:
    """Send anything that is not a text: voice, image, video, shortvideo, location, link, file."""
    _must_follow(phone)
    if kind not in attachments.KINDS:
        raise NotHere(f"there is no message of kind {kind}", 404)
    _count_message(platform, phone)
    fields, bubble = attachments.KINDS[kind](platform, phone, values)
    entry = platform.show(phone, "own", {"type": kind, **bubble})
    return await push(platform, phone, fields, entry)


async def send_raw(platform: Platform, phone: Phone, fields: Fields) -> Delivery:
    """Push any fields; the common ones are filled in where they are missing."""
    start = platform.head(phone)
    common = {
        "ToUserName": start.to,
        "FromUserName": start.sender,
        "CreateTime": start.created_at,
    }
    words = str(fields.get("Event") or fields.get("MsgType") or "?")
    entry = platform.show(phone, "notice", {"type": "system", "content": words})
    return await push(platform, phone, {**common, **fields}, entry)


async def tap_menu(platform: Platform, phone: Phone, button: menu.Button) -> list[Delivery]:
    """Tap a menu item; some kinds push a message after their event."""
    _must_follow(phone)
    kind, name = str(button["type"]), str(button["name"])
    if kind in ("media_id", "article_id", "article_view_limited"):
        _show_stored(platform, phone, button)
        return []
    if kind in OPENING:
        _count_action(platform, phone)
    words = texts.say("clicked", name=name)
    if kind in ("view", "miniprogram"):
        words = texts.say("opened", name=name, url=button["url"])
    entry = platform.show(phone, "notice", {"type": "system", "content": words})
    event = _menu_event(platform, phone, button)
    done = [await push(platform, phone, event, entry)]
    if kind.startswith("pic_"):
        done.append(await send(platform, phone, "image", {}))
    if kind == "location_select":
        done.append(await send(platform, phone, "location", {}))
    return done


async def push(
    platform: Platform, phone: Phone, fields: Fields, entry: Entry | None = None
) -> Delivery:
    """Deliver a push and put what comes of it on the screen."""
    platform.tell_phone(phone)
    delivery = await callback.deliver(platform, fields)
    if entry is not None:
        entry.delivery = delivery.brief() if phone.is_light else delivery.as_json()
        platform.tell_entry(phone, entry)
    _show_verdict(platform, phone, delivery, is_seen=entry is not None)
    return delivery


def _show_verdict(platform: Platform, phone: Phone, delivery: Delivery, *, is_seen: bool) -> None:
    verdict = delivery.verdict
    if verdict.outcome == "reply" and verdict.reply and phone.is_following:
        entry = platform.show(phone, "account", bubbles.from_reply(verdict.reply))
        phone.talked_at = platform.clock.now()
    elif verdict.outcome == "fault" and is_seen:
        bubble = {"type": "fault", "content": callback.fault_text()}
        entry = platform.show(phone, "notice", bubble)
    else:
        return
    entry.delivery = delivery.brief() if phone.is_light else delivery.as_json()
    platform.tell_entry(phone, entry)


def _must_follow(phone: Phone) -> None:
    if not phone.is_following:
        raise NotHere("this phone does not follow the account", 409)


def _count_message(platform: Platform, phone: Phone) -> None:
    config, now = platform.config, platform.clock.now()
    phone.window.open(config.user_messages, config.user_window_s, now)
    phone.talked_at = now


def _count_action(platform: Platform, phone: Phone) -> None:
    config = platform.config
    phone.window.open(config.action_messages, config.action_window_s, platform.clock.now())


def _ticket(platform: Platform, scene: str) -> str:
    """Return the ticket of the code with this scene; an unknown scene gets a made-up one."""
    for ticket, code in platform.account.codes.items():
        if code.scene == scene:
            return ticket
    return platform.word(96) if scene else ""


def _menu_event(platform: Platform, phone: Phone, button: menu.Button) -> Fields:
    start, kind, key = platform.head(phone), str(button["type"]), str(button.get("key", ""))
    if kind == "view":
        return pushes.view(start, str(button["url"]), 400_000_000)
    if kind == "miniprogram":
        return pushes.view_miniprogram(start, str(button["pagepath"]), 400_000_000)
    if kind.startswith("scancode_"):
        return pushes.scancode(start, kind, key, texts.say("menu_scan_result"))
    if kind.startswith("pic_"):
        return pushes.pictures(start, kind, key, [attachments.digest(start.message_id)])
    if kind == "location_select":
        return pushes.select_location(start, key, *attachments.PLACE, texts.say("place"))
    return pushes.click(start, key)


def _show_stored(platform: Platform, phone: Phone, button: menu.Button) -> None:
    if button["type"] == "media_id":
        bubble = bubbles.from_custom("image", {"media_id": str(button["media_id"])})
    else:
        bubble = bubbles.from_custom("mpnewsarticle", {"article_id": str(button["article_id"])})
    platform.show(phone, "account", bubble)
