"""Tags of followers.

Source: tag management pages and codes 45056-45159, developers.weixin.qq.com, read 2026-10.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform

TAGS_MAX, NAME_MAX, BATCH_MAX, ON_USER_MAX = 100, 30, 50, 20
FIRST = 100  # ids 0, 1 and 2 belong to the platform


def create(platform: Platform, call: Call) -> dict[str, Any]:
    """Make a tag."""
    tags = platform.account.tags
    name = _name(platform, call)
    if len(tags) >= TAGS_MAX:
        raise ApiError(45056)
    tag_id = max(tags, default=FIRST - 1) + 1
    tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


def get(platform: Platform, _call: Call) -> dict[str, Any]:
    """List the tags with their numbers of followers."""
    phones = platform.phones.values()
    counts = Counter(tag_id for p in phones if p.is_following for tag_id in p.tags)
    tags = platform.account.tags.items()
    return {"tags": [{"id": i, "name": n, "count": counts[i]} for i, n in tags]}


def update(platform: Platform, call: Call) -> dict[str, Any]:
    """Rename a tag."""
    tag_id = _known(platform, call.part("tag").get("id"))
    platform.account.tags[tag_id] = _name(platform, call)
    return OK


def delete(platform: Platform, call: Call) -> dict[str, Any]:
    """Remove a tag from the account and from everybody."""
    tag_id = _known(platform, call.part("tag").get("id"))
    members = _members(platform, tag_id)
    if len(members) > platform.config.tag_delete_max:
        raise ApiError(45057)
    for phone in members:
        _untag(phone, tag_id)
    del platform.account.tags[tag_id]
    return OK


def batchtagging(platform: Platform, call: Call) -> dict[str, Any]:
    """Give up to fifty followers a tag."""
    tag_id = _known(platform, call.body.get("tagid"))
    never = platform.config.tag_fails.split(",")
    failed = []
    for phone in _followers(platform, call):
        if phone.openid in never:
            failed.append(phone.openid)
        elif tag_id not in phone.tags:
            if len(phone.tags) >= ON_USER_MAX:
                raise ApiError(45059)
            phone.tags = (*phone.tags, tag_id)
    platform.tell_phones()
    if failed:
        raise ApiError(45171, fail_openid_list=failed)
    return OK


def batchuntagging(platform: Platform, call: Call) -> dict[str, Any]:
    """Take a tag from up to fifty followers."""
    tag_id = _known(platform, call.body.get("tagid"))
    for phone in _followers(platform, call):
        _untag(phone, tag_id)
    platform.tell_phones()
    return OK


def getidlist(platform: Platform, call: Call) -> dict[str, Any]:
    """List one follower's tags."""
    return {"tagid_list": follower(platform, call.text("openid"), missing=49003).tags}


def page(platform: Platform, call: Call) -> dict[str, Any]:
    """Give a page of the followers with a tag."""
    openids = [p.openid for p in _members(platform, _known(platform, call.body.get("tagid")))]
    after = call.text("next_openid")
    start = openids.index(after) + 1 if after in openids else 0
    some = openids[start : start + platform.config.user_page]
    answer: dict[str, Any] = {"count": len(some), "next_openid": some[-1] if some else ""}
    return {**answer, "data": {"openid": some}} if some else answer


def _name(platform: Platform, call: Call) -> str:
    name = str(call.part("tag").get("name", ""))
    if not name or name in platform.account.tags.values():
        raise ApiError(45157)
    if len(name) > NAME_MAX:
        raise ApiError(45158)
    return name


def _known(platform: Platform, tag_id: Any) -> int:
    if tag_id in (0, 1, 2):
        raise ApiError(45058)
    if not isinstance(tag_id, int) or tag_id not in platform.account.tags:
        raise ApiError(45159)
    return tag_id


def _untag(phone: Phone, tag_id: int) -> None:
    phone.tags = tuple(other for other in phone.tags if other != tag_id)


def _members(platform: Platform, tag_id: int) -> list[Phone]:
    return [p for p in platform.phones.values() if p.is_following and tag_id in p.tags]


def _followers(platform: Platform, call: Call) -> list[Phone]:
    openids = call.body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= BATCH_MAX:
        raise ApiError(40032)
    return [follower(platform, str(openid), missing=49003) for openid in openids]


ROUTES = {
    "/cgi-bin/tags/create": Route("POST", create),
    "/cgi-bin/tags/get": Route("GET", get),
    "/cgi-bin/tags/update": Route("POST", update),
    "/cgi-bin/tags/delete": Route("POST", delete),
    "/cgi-bin/tags/members/batchtagging": Route("POST", batchtagging),
    "/cgi-bin/tags/members/batchuntagging": Route("POST", batchuntagging),
    "/cgi-bin/tags/getidlist": Route("POST", getidlist),
    "/cgi-bin/user/tag/get": Route("POST", page),
}
