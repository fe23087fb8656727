"""The developer's bench under /sandbox/api/: settings, clock, faults, checks, counters, reset."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import hostile, texts
from bot.sandbox import verify as verifying
from bot.sandbox.control import request as reading
from bot.sandbox.errors import NotHere
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from bot.sandbox.state import Platform

FIXED = ("host", "port")


def overview(platform: Platform) -> dict[str, Any]:
    """Return everything a page needs at its start, chats apart."""
    return {
        "account_name": platform.config.account_name or texts.say("account_name"),
        "phones": platform.table(),
        "menu": platform.account.menu,
        "templates": platform.account.templates,
        "settings": settings_of(platform),
        "clock": clock_of(platform),
        "faults": platform.faults.as_json(),
        "hostile": hostile.available(platform),
        "counters": counters_of(platform),
        "calls": list(platform.calls),
    }


def settings_of(platform: Platform) -> dict[str, Any]:
    """Return the settings; this is a pretend account, so its secrets are shown."""
    return asdict(platform.config)


def clock_of(platform: Platform) -> dict[str, Any]:
    """Return the time of the platform, in seconds since 1970."""
    return {"now": platform.clock.now(), "is_frozen": platform.clock.is_frozen}


def counters_of(platform: Platform) -> dict[str, Any]:
    """Return today's calls per path."""
    platform.quotas.turn(platform.clock.day(), platform.clock.now())
    return {"day": platform.quotas.day, "used": dict(platform.quotas.used)}


async def state(request: web.Request) -> web.Response:
    """Return the overview."""
    return reading.answer(overview(request.app[PLATFORM]))


async def counters(request: web.Request) -> web.Response:
    """Return today's calls per path."""
    return reading.answer(counters_of(request.app[PLATFORM]))


async def calls(request: web.Request) -> web.Response:
    """Return the last calls the service made, oldest first."""
    return reading.answer(list(request.app[PLATFORM].calls))


async def get_settings(request: web.Request) -> web.Response:
    """Return the settings."""
    return reading.answer(settings_of(request.app[PLATFORM]))


async def set_settings(request: web.Request) -> web.Response:
    """Change settings at run time; after a new AES key the old one still comes for a while."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    if any(name in given for name in FIXED):
        raise NotHere("host and port are fixed while the sandbox runs", 409)
    changed = platform.config.changed(given)
    if changed.aes_key != platform.config.aes_key:
        platform.old_key = platform.config.aes_key
        platform.old_key_until = platform.clock.now() + changed.rotation_s
    platform.config = changed
    platform.keep_calls(changed.keep_calls)
    platform.hub.publish("state", overview(platform))
    return reading.answer(settings_of(platform))


async def set_clock(request: web.Request) -> web.Response:
    """Move the clock: `move_s`, `freeze` (true or seconds since 1970), `thaw`."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    try:
        if "move_s" in given:
            platform.clock.move(float(given["move_s"]))
        if given.get("freeze"):
            at = None if given["freeze"] is True else float(given["freeze"])
            platform.clock.freeze(at)
    except (TypeError, ValueError) as error:
        raise NotHere("the clock moves by seconds") from error
    if given.get("thaw"):
        platform.clock.thaw()
    platform.hub.publish("clock", clock_of(platform))
    platform.tell_phones()
    return reading.answer(clock_of(platform))


async def get_clock(request: web.Request) -> web.Response:
    """Return the platform's time."""
    return reading.answer(clock_of(request.app[PLATFORM]))


async def get_faults(request: web.Request) -> web.Response:
    """Return the faults that are on."""
    return reading.answer(request.app[PLATFORM].faults.as_json())


async def add_fault(request: web.Request) -> web.Response:
    """Switch a fault on: an API fault, `inbound`, `mass_status` or `kill_tokens`."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    if given.pop("kill_tokens", False):
        platform.tokens.kill_all(platform.clock.now())
    if "inbound" in given:
        platform.faults.set_inbound(str(given.pop("inbound")))
    if "mass_status" in given:
        platform.faults.add_mass_status(str(given.pop("mass_status")))
    if given:
        platform.faults.add(given)
    return _tell_faults(platform)


async def clear_faults(request: web.Request) -> web.Response:
    """Switch every fault off."""
    platform = request.app[PLATFORM]
    platform.faults.clear()
    return _tell_faults(platform)


def _tell_faults(platform: Platform) -> web.Response:
    platform.hub.publish("faults", platform.faults.as_json())
    return reading.answer(platform.faults.as_json())


async def verify(request: web.Request) -> web.Response:
    """Press the console's save button; `token` tries another word than the account's."""
    token = str((await reading.body(request)).get("token") or "")
    return reading.answer(await verifying.verify(request.app[PLATFORM], token=token))


async def list_hostile(request: web.Request) -> web.Response:
    """List the hostile cases of this mode and format."""
    return reading.answer(hostile.available(request.app[PLATFORM]))


async def fire_hostile(request: web.Request) -> web.Response:
    """Fire one hostile case; `openid` names the sender, a stranger's otherwise."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    phone = hostile.sender(platform, str(given.get("openid") or ""))
    name = request.match_info["case"]
    return reading.answer(await hostile.fire(platform, phone, name))


async def add_template(request: web.Request) -> web.Response:
    """Add a template: `template_id`, `title`, `type` (0, 2 or 3), `fields` {key: label}."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    fields, template_id = given.get("fields"), str(given.get("template_id") or platform.word(43))
    if not isinstance(fields, dict) or given.get("type", 0) not in (0, 2, 3):
        raise NotHere("a template has fields {key: label} and type 0, 2 or 3")
    template = {"title": str(given.get("title") or "?"), "type": given.get("type", 0)}
    platform.account.templates[template_id] = {**template, "fields": fields}
    platform.hub.publish("state", overview(platform))
    return reading.answer({"template_id": template_id}, status=201)


async def media(request: web.Request) -> web.Response:
    """Return a file of the account for a bubble on a phone."""
    found = request.app[PLATFORM].media(request.match_info["media_id"])
    if found is None:
        raise NotHere("there is no such file, or no longer", 404)
    headers = {"Content-Type": found.content_type, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=found.content, headers=headers)


async def reset(request: web.Request) -> web.Response:
    """Start again with a `seed`; settings stay."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    seed = given.get("seed", platform.config.seed)
    if not isinstance(seed, int):
        raise NotHere("seed is a whole number")
    platform.config = platform.config.changed({"seed": seed})
    platform.reset(seed)
    platform.hub.publish("reset", overview(platform))
    return reading.answer(overview(platform))


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    base = "/sandbox/api"
    return [
        web.get(base + "/state", state),
        web.get(base + "/counters", counters),
        web.get(base + "/calls", calls),
        web.get(base + "/settings", get_settings),
        web.post(base + "/settings", set_settings),
        web.get(base + "/clock", get_clock),
        web.post(base + "/clock", set_clock),
        web.get(base + "/faults", get_faults),
        web.post(base + "/faults", add_fault),
        web.delete(base + "/faults", clear_faults),
        web.post(base + "/verify", verify),
        web.get(base + "/hostile", list_hostile),
        web.post(base + "/hostile/{case}", fire_hostile),
        web.post(base + "/templates", add_template),
        web.get(base + "/media/{media_id}", media),
        web.post(base + "/reset", reset),
    ]
