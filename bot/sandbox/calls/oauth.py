"""Web login: one-use codes, their tokens, and what they may read.

Source: web page authorization pages, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import OK, Route
from bot.sandbox.errors import ApiError
from bot.sandbox.state import Grant

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

SCOPES = ("snsapi_base", "snsapi_userinfo")
REFRESH = "refresh:"
LIFETIME_S = 7200


def grant_code(platform: Platform, openid: str, scope: str) -> str:
    """Return a fresh code for this person."""
    code = platform.word(32)
    platform.account.grants[code] = Grant(openid, scope, platform.clock.now())
    return code


def access_token(platform: Platform, call: Call) -> dict[str, Any]:
    """Exchange a code for a token; a code works once, for five minutes."""
    _check_app(platform, call)
    code = call.query.get("code", "")
    if not code:
        raise ApiError(41008)
    grant = platform.account.grants.get(code)
    if grant is None:
        raise ApiError(40029)
    if grant.is_used:
        raise ApiError(40163)
    if platform.clock.now() - grant.at > platform.config.code_lifetime_s:
        raise ApiError(42003)
    grant.is_used = True
    return _token(platform, grant)


def refresh_token(platform: Platform, call: Call) -> dict[str, Any]:
    """Give a new token for a refresh token."""
    if call.query.get("appid") != platform.config.app_id:
        raise ApiError(40013)
    grant = platform.account.web_tokens.get(REFRESH + call.query.get("refresh_token", ""))
    if grant is None:
        raise ApiError(40030)
    return _token(platform, grant)


def userinfo(platform: Platform, call: Call) -> dict[str, Any]:
    """Give what the person allowed; silent logins may read nothing."""
    grant = _grant(platform, call)
    if grant.scope != "snsapi_userinfo":
        raise ApiError(48001)
    phone = platform.phones.get(grant.openid)
    return {
        "openid": grant.openid,
        "nickname": phone.name if phone else "",
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }


def auth(platform: Platform, call: Call) -> dict[str, Any]:
    """Say whether a token is still good."""
    _grant(platform, call)
    return OK


def _check_app(platform: Platform, call: Call) -> None:
    if call.query.get("appid") != platform.config.app_id:
        raise ApiError(40013)
    if call.query.get("secret") != platform.config.app_secret:
        raise ApiError(40125)
    if call.query.get("grant_type") != "authorization_code":
        raise ApiError(40002)


def _token(platform: Platform, grant: Grant) -> dict[str, Any]:
    token, refresh = platform.word(88), platform.word(88)
    renewed = Grant(grant.openid, grant.scope, platform.clock.now(), is_used=True)
    platform.account.web_tokens.update({token: renewed, REFRESH + refresh: renewed})
    answer = {
        "access_token": token,
        "expires_in": LIFETIME_S,
        "refresh_token": refresh,
        "openid": grant.openid,
        "scope": grant.scope,
    }
    return {**answer, "is_snapshotuser": 1} if platform.config.is_snapshot else answer


def _grant(platform: Platform, call: Call) -> Grant:
    found = platform.account.web_tokens.get(call.query.get("access_token", ""))
    if found is None:
        raise ApiError(40001)
    if platform.clock.now() - found.at > LIFETIME_S:
        raise ApiError(42001)
    if call.query.get("openid") != found.openid:
        raise ApiError(40003)
    return found


ROUTES = {
    "/sns/oauth2/access_token": Route("GET", access_token, needs_token=False),
    "/sns/oauth2/refresh_token": Route("GET", refresh_token, needs_token=False),
    "/sns/userinfo": Route("GET", userinfo, needs_token=False),
    "/sns/auth": Route("GET", auth, needs_token=False),
}
