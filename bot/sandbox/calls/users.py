"""Followers: one, many, all; no nickname or portrait since 2021-12-27."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform

BATCH_MAX = 100


def info(platform: Platform, call: Call) -> dict[str, Any]:
    """Give what is left to know about one person."""
    openid = call.query.get("openid", "")
    if not openid:
        raise ApiError(41009)
    if openid not in platform.phones:
        raise ApiError(40003)
    return _card(platform.phones[openid])


def batchget(platform: Platform, call: Call) -> dict[str, Any]:
    """Give up to a hundred people at once."""
    wanted = call.body.get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= BATCH_MAX:
        raise ApiError(40032)
    openids = [str(item.get("openid", "")) for item in wanted if isinstance(item, dict)]
    if any(openid not in platform.phones for openid in openids):
        raise ApiError(40003)
    return {"user_info_list": [_card(platform.phones[openid]) for openid in openids]}


def get(platform: Platform, call: Call) -> dict[str, Any]:
    """Give a page of followers; `data` is missing on an empty page."""
    after = call.query.get("next_openid", "")
    if after and after not in platform.phones:
        raise ApiError(40003)
    total, page = platform.roll.page(platform.phones, after, platform.config.user_page)
    answer = {"total": total, "count": len(page), "next_openid": page[-1] if page else ""}
    return {**answer, "data": {"openid": page}} if page else answer


def remark(platform: Platform, call: Call) -> dict[str, Any]:
    """Set the remark only the account sees."""
    follower(platform, call.text("openid"), missing=40003).remark = call.text("remark")
    return OK


def _card(phone: Phone) -> dict[str, Any]:
    if not phone.is_following:
        return {"subscribe": 0, "openid": phone.openid}
    scene = phone.qr_scene
    return {
        "subscribe": 1,
        "openid": phone.openid,
        "language": "",
        "subscribe_time": int(phone.followed_at),
        "remark": phone.remark,
        "groupid": 0,
        "tagid_list": phone.tags,
        "subscribe_scene": phone.follow_scene,
        "qr_scene": int(scene) if scene.isdecimal() else 0,
        "qr_scene_str": "" if scene.isdecimal() else scene,
    }


ROUTES = {
    "/cgi-bin/user/info": Route("GET", info),
    "/cgi-bin/user/info/batchget": Route("POST", batchget),
    "/cgi-bin/user/info/updateremark": Route("POST", remark),
    "/cgi-bin/user/get": Route("GET", get),
}
