"""Permanent files of the account, and pictures for articles.

Source: permanent material pages, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import OK, Download, Route, page_of
from bot.sandbox.calls.media import MB, SIZES_MAX, received
from bot.sandbox.errors import ApiError
from bot.sandbox.shelf import Media

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

FOREVER = float("inf")
COUNTED = ("voice", "video", "image", "news")
MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


def add(platform: Platform, call: Call) -> dict[str, Any]:
    """Keep a file for good; a picture has an address too, a video needs a description."""
    kind, file = call.query.get("type", ""), received(call, SIZES_MAX)
    about = _about(call) if kind == "video" else {}
    same = [m for m in platform.account.materials.values() if m.kind == kind]
    if len(same) >= platform.config.materials_max[kind]:
        raise ApiError(45001)  # a stand-in: no page prints the code
    media_id = platform.word(43)
    answer = {"media_id": media_id}
    if kind == "image":
        platform.account.images[media_id] = Media(kind, file.content, file.content_type, FOREVER)
        answer["url"] = f"{call.origin}/mmbiz/{media_id}"
    platform.account.materials[media_id] = Media(
        kind,
        file.content,
        file.content_type,
        FOREVER,
        name=file.filename,
        about={**about, "url": answer.get("url", "")},
        at=int(platform.clock.now()),
    )
    return answer


def get(platform: Platform, call: Call) -> dict[str, Any] | Download:
    """Give a file back; a video comes as an address with its words."""
    media_id, found = _known(platform, call)
    if found.kind != "video":
        return Download(found.name, found.content_type, found.content)
    words = {name: found.about.get(name, "") for name in ("title", "description")}
    return {**words, "down_url": f"{call.origin}/sandbox/api/media/{media_id}"}


def delete(platform: Platform, call: Call) -> dict[str, Any]:
    """Remove a file for good; articles that show a picture keep it."""
    media_id, _found = _known(platform, call)
    del platform.account.materials[media_id]
    return OK


def count(platform: Platform, _call: Call) -> dict[str, Any]:
    """Count the permanent files of each kind; drafts count as news no longer."""
    kinds = [m.kind for m in platform.account.materials.values()]
    return {f"{kind}_count": kinds.count(kind) for kind in COUNTED}


def batchget(platform: Platform, call: Call) -> dict[str, Any]:
    """Give up to twenty files of one kind, the newest first."""
    kind = call.text("type")
    if kind not in COUNTED:
        raise ApiError(40004)
    found = [(i, m) for i, m in platform.account.materials.items() if m.kind == kind][::-1]
    items = [
        {"media_id": i, "name": m.name, "update_time": m.at, "url": m.about["url"]}
        for i, m in page_of(call, found)
    ]
    return {"total_count": len(found), "item_count": len(items), "item": items}


def uploadimg(platform: Platform, call: Call) -> dict[str, Any]:
    """Keep a picture for articles and give its address; it counts against no limit."""
    file = received(call, {"": MB})
    kind = next((k for start, k in MAGIC.items() if file.content.startswith(start)), "")
    if not kind:
        raise ApiError(40005)
    key = platform.word(43)
    platform.account.images[key] = Media("image", file.content, kind, FOREVER)
    return {"url": f"{call.origin}/mmbiz/{key}"}


def _about(call: Call) -> dict[str, str]:
    """Return the words of a video: the form field `description` is JSON."""
    try:
        given = json.loads(call.form.get("description", ""))
        return {"title": str(given["title"]), "description": str(given["introduction"])}
    except (ValueError, KeyError, TypeError) as error:
        raise ApiError(47001) from error


def _known(platform: Platform, call: Call) -> tuple[str, Media]:
    media_id = call.text("media_id")
    found = platform.account.materials.get(media_id)
    if found is None:
        raise ApiError(40007)
    return media_id, found


ROUTES = {
    "/cgi-bin/material/add_material": Route("POST", add, is_upload=True),
    "/cgi-bin/material/get_material": Route("POST", get),
    "/cgi-bin/material/del_material": Route("POST", delete),
    "/cgi-bin/material/get_materialcount": Route("GET", count),
    "/cgi-bin/material/batchget_material": Route("POST", batchget),
    "/cgi-bin/media/uploadimg": Route("POST", uploadimg, is_upload=True),
}
