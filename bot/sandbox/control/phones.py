"""Phones under /sandbox/api/phones: put one on the table, act with it, read its chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import actions, attachments, menu, subscriptions, texts
from bot.sandbox.control import request as reading
from bot.sandbox.errors import NotHere
from bot.sandbox.reach import open_chat
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from bot.sandbox.callback import Delivery


async def index(request: web.Request) -> web.Response:
    """List the phones."""
    platform = request.app[PLATFORM]
    return reading.answer(platform.table())


async def create(request: web.Request) -> web.Response:
    """Add a phone: `name` and `openid`, both optional."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    name = str(given.get("name") or texts.say("phone_name", number=len(platform.phones) + 1))
    phone = platform.add_phone(name, str(given.get("openid") or ""))
    return reading.answer(phone.as_json(platform.clock.now()), status=201)


async def show(request: web.Request) -> web.Response:
    """Return a phone with its chat."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    open_chat(platform, phone)
    log = [entry.as_json() for entry in phone.log]
    return reading.answer({**phone.as_json(platform.clock.now()), "log": log})


async def remove(request: web.Request) -> web.Response:
    """Take a phone away without telling the account."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    del platform.phones[phone.openid]
    platform.tell_phones()
    return reading.answer({})


async def log(request: web.Request) -> web.Response:
    """Return a chat, oldest line first; that of a light phone is made now."""
    phone = reading.phone(request)
    open_chat(request.app[PLATFORM], phone)
    return reading.answer([entry.as_json() for entry in phone.log])


async def follow(request: web.Request) -> web.Response:
    """Follow, optionally by a `scene`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    scene = str((await reading.body(request)).get("scene") or "")
    return _done(await actions.follow(platform, phone, scene))


async def unfollow(request: web.Request) -> web.Response:
    """Leave the account."""
    return _done(await actions.unfollow(request.app[PLATFORM], reading.phone(request)))


async def scan(request: web.Request) -> web.Response:
    """Scan a code with a `scene`, or with the `ticket` of one that was created."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    given = await reading.body(request)
    code = platform.account.codes.get(str(given.get("ticket") or ""))
    scene = code.scene if code else str(given.get("scene") or "")
    return _done(await actions.scan(platform, phone, scene))


async def text(request: web.Request) -> web.Response:
    """Write `content`; with `bizmsgmenuid` it is a tap on a msgmenu option."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    given = await reading.body(request)
    if not isinstance(given.get("content"), str):
        raise NotHere("content is a text")
    menu_id = str(given.get("bizmsgmenuid") or "")
    return _done(await actions.say(platform, phone, given["content"], menu_id))


async def send(request: web.Request) -> web.Response:
    """Send a voice, image, video, shortvideo, location, link or file."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    kind = request.match_info["kind"]
    return _done(await actions.send(platform, phone, kind, await reading.body(request)))


async def tap(request: web.Request) -> web.Response:
    """Tap the menu: `path` is [top] or [top, sub] from 0; or name the button by its `key`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    button = _button(platform.account.menu, await reading.body(request))
    done = await actions.tap_menu(platform, phone, button)
    if not done:
        return reading.answer({"outcome": "silent", "attempts": 0})
    first, *rest = [delivery.as_json() for delivery in done]
    return reading.answer({**first, "next": rest})


async def push(request: web.Request) -> web.Response:
    """Push raw `fields`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    fields = (await reading.body(request)).get("fields")
    if not isinstance(fields, dict):
        raise NotHere("fields is an object")
    return _done(await actions.send_raw(platform, phone, fields))


async def notice(request: web.Request) -> web.Response:
    """Answer a dialog: `answers` {template_id: truth}, or one `template_id` and `accept`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    given = await reading.body(request)
    one = {str(given.get("template_id") or ""): given.get("accept") is not False}
    answers, scene = given.get("answers", one), given.get("scene", 0)
    if not isinstance(answers, dict) or not all(isinstance(yes, bool) for yes in answers.values()):
        raise NotHere("answers is an object of template_id: true or false")
    return _done(await subscriptions.answer(platform, phone, answers, scene))


async def notice_off(request: web.Request) -> web.Response:
    """Switch notices off: `template_ids`, or one `template_id`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    given = await reading.body(request)
    ids = given.get("template_ids", [str(given.get("template_id") or "")])
    if not isinstance(ids, list):
        raise NotHere("template_ids is a list")
    return _done(await subscriptions.switch_off(platform, phone, [str(i) for i in ids]))


async def block(request: web.Request) -> web.Response:
    """Refuse template messages, or take them again: `on`."""
    platform, phone = request.app[PLATFORM], reading.phone(request)
    is_on = (await reading.body(request)).get("on") is not False
    subscriptions.block(platform, phone, on=is_on)
    return reading.answer(phone.as_json(platform.clock.now()))


def _done(delivery: Delivery) -> web.Response:
    return reading.answer(delivery.as_json())


def _button(shown: dict[str, Any] | None, given: dict[str, Any]) -> menu.Button:
    """Return the button that is meant; `NotHere` when the menu has none there."""
    buttons = shown["button"] if shown else []
    if "key" in given:
        found = [b for b in menu.leaves(buttons) if b.get("key") == given["key"]]
    else:
        found = _at(buttons, given.get("path"))
    if not found:
        raise NotHere("the menu has no such button", 404)
    return found[0]


def _at(buttons: list[menu.Button], path: Any) -> list[menu.Button]:
    found: list[menu.Button] = []
    for place in path if isinstance(path, list) else []:
        if not isinstance(place, int) or not 0 <= place < len(buttons):
            return []
        found = [buttons[place]]
        buttons = found[0].get("sub_button") or []
    return found if found and not buttons else []


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    base = "/sandbox/api/phones"
    one = base + "/{openid}"
    kinds = "|".join(attachments.KINDS)
    return [
        web.get(base, index),
        web.post(base, create),
        web.get(one, show),
        web.delete(one, remove),
        web.get(one + "/log", log),
        web.post(one + "/follow", follow),
        web.post(one + "/unfollow", unfollow),
        web.post(one + "/scan", scan),
        web.post(one + "/text", text),
        web.post(one + "/menu", tap),
        web.post(one + "/push", push),
        web.post(one + "/notice", notice),
        web.post(one + "/notice/off", notice_off),
        web.post(one + "/block", block),
        web.post(one + f"/{{kind:{kinds}}}", send),
    ]
