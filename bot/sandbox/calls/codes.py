"""Parametric QR codes.

Source: QR code page, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.calls.call import Route
from bot.sandbox.errors import ApiError
from bot.sandbox.state import Code

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

SECONDS_MAX = 2_592_000
PERMANENT_MAX = 100_000
TEXT_MAX = 64
# action name: largest number (None for texts), whether it is permanent
ACTIONS: dict[str, tuple[int | None, bool]] = {
    "QR_SCENE": (2**32 - 1, False),
    "QR_STR_SCENE": (None, False),
    "QR_LIMIT_SCENE": (PERMANENT_MAX, True),
    "QR_LIMIT_STR_SCENE": (None, True),
}


def create(platform: Platform, call: Call) -> dict[str, Any]:
    """Make a code for a scene; the same permanent scene gives the same ticket again."""
    action = call.text("action_name")
    if action not in ACTIONS:
        raise ApiError(40052)
    number_max, is_permanent = ACTIONS[action]
    scene = _scene(call, number_max)
    seconds = 0 if is_permanent else _seconds(platform, call)
    ticket = _same(platform, scene) if is_permanent else ""
    ticket = ticket or "gQ" + platform.word(94)
    expires_at = platform.clock.now() + seconds if seconds else 0.0
    platform.account.codes[ticket] = Code(scene, expires_at)
    answer = {"ticket": ticket, "url": "http://weixin.qq.com/q/" + platform.word(24)}
    return {**answer, "expire_seconds": seconds} if seconds else answer


def _scene(call: Call, number_max: int | None) -> str:
    inner = call.part("action_info").get("scene")
    scene = inner if isinstance(inner, dict) else {}
    if number_max is None:
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 1 <= len(text) <= TEXT_MAX:
            raise ApiError(40053)
        return text
    number = scene.get("scene_id")
    if not isinstance(number, int) or not 1 <= number <= number_max:
        raise ApiError(40053)
    return str(number)


def _seconds(platform: Platform, call: Call) -> int:
    seconds = call.body.get("expire_seconds", platform.config.qr_default_s)
    if not isinstance(seconds, int) or not 1 <= seconds <= SECONDS_MAX:
        raise ApiError(40097)
    return seconds


def _same(platform: Platform, scene: str) -> str:
    permanent = {t: c for t, c in platform.account.codes.items() if not c.expires_at}
    if len(permanent) >= PERMANENT_MAX:
        raise ApiError(45029)
    return next((ticket for ticket, code in permanent.items() if code.scene == scene), "")


ROUTES = {"/cgi-bin/qrcode/create": Route("POST", create)}
