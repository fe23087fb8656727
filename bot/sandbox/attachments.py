"""What a phone can send besides text: the push and the bubble of each kind."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from bot.sandbox import pushes, texts
from bot.sandbox.errors import NotHere

if TYPE_CHECKING:
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields

PLACE = (23.13171, 113.26627)  # People's Park, Guangzhou
PICTURE = "/sandbox/static/picture.svg"


def digest(number: int) -> str:
    """Return the MD5 of a pretend file."""
    return hashlib.md5(str(number).encode()).hexdigest()


def _voice(platform: Platform, phone: Phone, values: dict[str, Any]) -> tuple[Fields, Fields]:
    said = values.get("recognition")
    words = None if said is None else str(said)
    fields = pushes.voice(platform.head(phone), platform.word(64), words)
    return fields, {"content": words or "", "seconds": 3 + len(words or "") // 4}


def _image(platform: Platform, phone: Phone, values: dict[str, Any]) -> tuple[Fields, Fields]:
    url = str(values.get("url") or PICTURE)
    full = url if url.startswith("http") else "http://mmbiz.qpic.cn/sandbox/" + platform.word(24)
    return pushes.image(platform.head(phone), full, platform.word(64)), {"url": url}


def _video(platform: Platform, phone: Phone, _values: dict[str, Any]) -> tuple[Fields, Fields]:
    ids = platform.word(64), platform.word(64)
    return pushes.video(platform.head(phone), *ids), {}


def _short(platform: Platform, phone: Phone, _values: dict[str, Any]) -> tuple[Fields, Fields]:
    ids = platform.word(64), platform.word(64)
    return pushes.video(platform.head(phone), *ids, is_short=True), {}


def _location(platform: Platform, phone: Phone, values: dict[str, Any]) -> tuple[Fields, Fields]:
    try:
        latitude = float(values.get("latitude", PLACE[0]))
        longitude = float(values.get("longitude", PLACE[1]))
    except (TypeError, ValueError) as error:
        raise NotHere("latitude and longitude are numbers") from error
    label = str(values.get("label", texts.say("place")))
    fields = pushes.location(platform.head(phone), latitude, longitude, label)
    return fields, {"title": label, "latitude": latitude, "longitude": longitude}


def _link(platform: Platform, phone: Phone, values: dict[str, Any]) -> tuple[Fields, Fields]:
    title = str(values.get("title") or texts.say("link_title"))
    words = str(values.get("description") or texts.say("link_description"))
    url = str(values.get("url") or "https://mp.weixin.qq.com/s/sandbox")
    shown = {"title": title, "description": words, "url": url}
    return pushes.link(platform.head(phone), title, words, url), shown


def _file(platform: Platform, phone: Phone, values: dict[str, Any]) -> tuple[Fields, Fields]:
    title = str(values.get("title") or "notes.pdf")
    start = platform.head(phone)
    fields = pushes.file(start, title, platform.word(32), digest(start.message_id), 20_480)
    return fields, {"title": title}


KINDS = {
    "voice": _voice,
    "image": _image,
    "video": _video,
    "shortvideo": _short,
    "location": _location,
    "link": _link,
    "file": _file,
}
