"""Fires named attacks at the webhook and says whether it lived through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import callback, texts
from bot.sandbox.attacks import CASES
from bot.sandbox.errors import NotHere
from bot.sandbox.phones import Phone

if TYPE_CHECKING:
    from bot.sandbox.attacks import Case
    from bot.sandbox.callback import Attempt
    from bot.sandbox.state import Platform

REFUSED = range(400, 500)
SERVER_ERROR = 500


def available(platform: Platform) -> list[dict[str, Any]]:
    """Return the cases that make sense in the present mode and format, with Chinese titles."""
    titles = texts.load()["hostile"]
    return [
        {"name": name, "title": titles[name], "must_refuse": case.must_refuse}
        for name, case in CASES.items()
        if _fits(platform, case)
    ]


async def fire(platform: Platform, phone: Phone, name: str) -> dict[str, Any]:
    """Run one case and return whether the webhook passed.

    Raises:
        NotHere: an unknown case, or one that does not exist in this mode or format.

    """
    case = CASES.get(name)
    if case is None or not _fits(platform, case):
        raise NotHere("there is no such case in this mode and format", 404)
    attempts = [await callback.post(platform, request) for request in case.build(platform, phone)]
    last = attempts[-1]
    return {
        "name": name,
        "title": texts.load()["hostile"][name],
        "passed": _passed(platform, case, last),
        "must_refuse": case.must_refuse,
        **last.as_json(),
    }


def sender(platform: Platform, openid: str) -> Phone:
    """Return the phone with this openid, or a stranger who is on no list."""
    return platform.phones.get(openid) or Phone(openid or "o" + platform.word(27), "")


def _fits(platform: Platform, case: Case) -> bool:
    config = platform.config
    has_mode = config.mode != "plain" or not case.aes
    return has_mode and (config.data_format == "xml" or not case.xml)


def _passed(platform: Platform, case: Case, attempt: Attempt) -> bool:
    if case.must_refuse:
        return attempt.status in REFUSED
    if not attempt.is_answered:
        return 0 < attempt.status < SERVER_ERROR
    fields = {"MsgType": "text", "FromUserName": attempt.request.query["openid"]}
    return callback.verdict(platform, fields, attempt).outcome != "fault"
