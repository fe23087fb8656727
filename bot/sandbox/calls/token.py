"""Access tokens: cgi-bin/token and cgi-bin/stable_token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import Route
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform
    from bot.sandbox.tokens import Token


def token(platform: Platform, call: Call) -> dict[str, Any]:
    """Give a new token; the one before lives on for the overlap."""
    _check_secret(platform, call.query)
    now = platform.clock.now()
    return _answer(platform.tokens.issue(platform.config, now), now)


def stable_token(platform: Platform, call: Call) -> dict[str, Any]:
    """Give the present token, or with force_refresh a new one that kills it."""
    _check_secret(platform, call.body)
    now = platform.clock.now()
    if call.body.get("force_refresh") is True:
        return _answer(platform.tokens.force(platform.config, now, platform.clock.day()), now)
    return _answer(platform.tokens.keep(platform.config, now), now)


def _check_secret(platform: Platform, given: dict[str, Any]) -> None:
    if given.get("grant_type") != "client_credential":
        raise ApiError(40002)
    if not given.get("appid"):
        raise ApiError(41002)
    if not given.get("secret"):
        raise ApiError(41004)
    if given["appid"] != platform.config.app_id:
        raise ApiError(40013)
    if given["secret"] != platform.config.app_secret:
        raise ApiError(40125)


def _answer(found: Token, now: float) -> dict[str, Any]:
    return {"access_token": found.value, "expires_in": int(found.expires_at - now)}


ROUTES = {
    "/cgi-bin/token": Route("GET", token, needs_token=False),
    "/cgi-bin/stable_token": Route("POST", stable_token, needs_token=False),
}
