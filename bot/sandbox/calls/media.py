"""Temporary files of the account: three days.

Source: temporary media page, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import Download, Route, Upload
from bot.sandbox.errors import ApiError
from bot.sandbox.shelf import Media

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

MB = 1024 * 1024
SIZES_MAX = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "thumb": 64 * 1024}


def upload(platform: Platform, call: Call) -> dict[str, Any]:
    """Keep a file and give its id."""
    kind, file = call.query.get("type", ""), received(call, SIZES_MAX)
    now, media_id = platform.clock.now(), platform.word(64)
    ends_at = now + platform.config.media_lifetime_s
    platform.account.media[media_id] = Media(kind, file.content, file.content_type, ends_at)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media_id, "created_at": int(now)}


def received(call: Call, sizes_max: Mapping[str, int]) -> Upload:
    """Return the file of a call.

    Raises:
        ApiError: 40004 for an unknown type, 41005 without a file, 45001 when it is too large.

    """
    kind = call.query.get("type", "")
    if kind not in sizes_max:
        raise ApiError(40004)
    if call.upload is None or not call.upload.content:
        raise ApiError(41005)
    if len(call.upload.content) > sizes_max[kind]:
        raise ApiError(45001)
    return call.upload


def get(platform: Platform, call: Call) -> dict[str, Any] | Download:
    """Give a file back; a video comes as an address."""
    media_id = call.query.get("media_id", "")
    if not media_id:
        raise ApiError(41006)
    found = platform.account.media.get(media_id)
    if found is None or found.expires_at <= platform.clock.now():
        raise ApiError(40007)
    if found.kind == "video":
        return {"video_url": f"{call.origin}/sandbox/api/media/{media_id}"}
    return Download(media_id, found.content_type, found.content)


ROUTES = {
    "/cgi-bin/media/upload": Route("POST", upload, is_upload=True),
    "/cgi-bin/media/get": Route("GET", get),
}
