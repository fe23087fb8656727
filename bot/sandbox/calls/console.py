"""Addresses, network check, quotas, and the ticket for web pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import OK, Route
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

ACTIONS = ("dns", "ping", "all")
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")
MINUTE_S = 60


def addresses(_platform: Platform, _call: Call) -> dict[str, Any]:
    """List where pushes come from."""
    return {"ip_list": ["127.0.0.1"]}


def check(_platform: Platform, call: Call) -> dict[str, Any]:
    """Pretend to resolve and ping the webhook."""
    action = call.text("action")
    if action not in ACTIONS:
        raise ApiError(40202)
    if (call.text("check_operator") or "DEFAULT") not in OPERATORS:
        raise ApiError(40203)
    dns = [{"ip": "127.0.0.1", "real_operator": "UNICOM"}]
    ping = [
        {
            "ip": "127.0.0.1",
            "from_operator": "UNICOM",
            "package_loss": "0%",
            "time": "1.000ms",
        }
    ]
    return {"dns": dns if action != "ping" else [], "ping": ping if action != "dns" else []}


def quota_get(platform: Platform, call: Call) -> dict[str, Any]:
    """Give the day's use of one path."""
    path, config = call.text("cgi_path"), platform.config
    if path not in config.daily_limits:
        raise ApiError(76021)
    platform.quotas.turn(platform.clock.day(), platform.clock.now())
    limit, used = config.daily_limits[path], platform.quotas.used_by(path)
    answer: dict[str, Any] = {
        **OK,
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
    }
    if path in config.minute_limits:
        rate = {"call_count": config.minute_limits[path], "refresh_second": MINUTE_S}
        answer["rate_limit"] = rate
    return answer


def clear_quota(platform: Platform, call: Call) -> dict[str, Any]:
    """Set the day's counters to zero."""
    _check_app(platform, call)
    platform.quotas.clear(platform.config, platform.clock.day())
    return OK


def quota_clear(platform: Platform, call: Call) -> dict[str, Any]:
    """Set the day's counter of one path to zero."""
    path = call.text("cgi_path")
    if path not in platform.config.daily_limits:
        raise ApiError(76021)
    platform.quotas.clear_path(platform.config, path, platform.clock.day())
    return OK


def clear_quota_v2(platform: Platform, call: Call) -> dict[str, Any]:
    """Set the counters to zero with the secret instead of a token."""
    _check_app(platform, call)
    if call.text("appsecret") != platform.config.app_secret:
        raise ApiError(40125)
    platform.quotas.clear(platform.config, platform.clock.day())
    return OK


def ticket(platform: Platform, call: Call) -> dict[str, Any]:
    """Give the ticket that signs web pages."""
    if call.query.get("type") != "jsapi":
        raise ApiError(40097)
    return {**OK, "ticket": platform.word(86), "expires_in": 7200}


def _check_app(platform: Platform, call: Call) -> None:
    if call.text("appid") != platform.config.app_id:
        raise ApiError(40013)


ROUTES = {
    "/cgi-bin/getcallbackip": Route("GET", addresses),
    "/cgi-bin/get_api_domain_ip": Route("GET", addresses),
    "/cgi-bin/callback/check": Route("POST", check),
    "/cgi-bin/openapi/quota/get": Route("POST", quota_get),
    "/cgi-bin/openapi/quota/clear": Route("POST", quota_clear),
    "/cgi-bin/clear_quota": Route("POST", clear_quota),
    "/cgi-bin/clear_quota/v2": Route("POST", clear_quota_v2, needs_token=False),
    "/cgi-bin/ticket/getticket": Route("GET", ticket),
}
