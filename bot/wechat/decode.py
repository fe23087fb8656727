"""From the fields of a push to its record: two tables, one of message types, one of events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from bot.wechat import decode_events, fields, messages
from bot.wechat.decode_events import Head
from bot.wechat.messages import Inbound
from bot.wechat.xmltree import Tree

Decoder: TypeAlias = Callable[[Head, Tree], Inbound]
_ADDRESS = frozenset(("ToUserName", "FromUserName"))
_HASH_BYTES = 8


def message(tree: Tree) -> Inbound:
    """Return the record of a push; `messages.Unknown` for a type or event not in the tables.

    Raises:
        Malformed: a common field, or a field of a known type, is broken; names the field.

    Source: WECHAT.md 2.5 and 2.6.
    """
    account, openid = fields.name(tree, "ToUserName"), fields.name(tree, "FromUserName")
    created_at = fields.seconds(tree, "CreateTime")
    kind = fields.name(tree, "MsgType").lower()
    if kind == "event":
        event = fields.name(tree, "Event").lower()
        head = (account, openid, created_at, _event_key(tree, created_at, event))
        read = decode_events.EVENTS.get(event)
        return read(head, tree) if read else messages.Unknown(*head, kind, event)
    decoder = MESSAGES.get(kind)
    if decoder is None:
        key = _event_key(tree, created_at, kind)
        return messages.Unknown(account, openid, created_at, key, kind, "")
    return decoder((account, openid, created_at, fields.message_id(tree, "MsgId")), tree)


def _event_key(tree: Tree, created_at: int, event: str) -> str:
    """Return second, name and a hash of all other fields: two events of one second stay apart.

    The follower is not part of it. The platform's own rule (FromUserName + CreateTime) loses a scan
    that comes in the same second as the follow, or the second picture of a menu item.
    """
    rest = repr(sorted((k, v) for k, v in tree.items() if k not in _ADDRESS))
    digest = hashlib.blake2b(rest.encode("utf-8", "replace"), digest_size=_HASH_BYTES)
    return f"{created_at}-{event}-{digest.hexdigest()}"


def _text(head: Head, tree: Tree) -> messages.Text:
    content = fields.text(tree, "Content", fields.CONTENT_MAX)
    return messages.Text(*head, content, fields.text(tree, "bizmsgmenuid"))


def _image(head: Head, tree: Tree) -> messages.Image:
    return messages.Image(*head, fields.text(tree, "PicUrl"), fields.text(tree, "MediaId"))


def _voice(head: Head, tree: Tree) -> messages.Voice:
    recognition = fields.text(tree, "Recognition", fields.CONTENT_MAX)
    media_id, audio = fields.text(tree, "MediaId"), fields.text(tree, "Format", fields.NAME_MAX)
    return messages.Voice(*head, media_id, audio, recognition)


def _video(head: Head, tree: Tree) -> messages.Video:
    return messages.Video(*head, fields.text(tree, "MediaId"), fields.text(tree, "ThumbMediaId"))


def _short_video(head: Head, tree: Tree) -> messages.ShortVideo:
    return messages.ShortVideo(
        *head, fields.text(tree, "MediaId"), fields.text(tree, "ThumbMediaId")
    )


def _location(head: Head, tree: Tree) -> messages.Location:
    return messages.Location(
        *head,
        latitude=fields.degrees(tree, "Location_X", 90),
        longitude=fields.degrees(tree, "Location_Y", 180),
        scale=fields.count(tree, "Scale"),
        label=fields.text(tree, "Label"),
    )


def _link(head: Head, tree: Tree) -> messages.Link:
    title, description = fields.text(tree, "Title"), fields.text(tree, "Description")
    return messages.Link(*head, title, description, fields.text(tree, "Url"))


def _file(head: Head, tree: Tree) -> messages.File:
    return messages.File(
        *head,
        title=fields.text(tree, "Title"),
        description=fields.text(tree, "Description"),
        file_key=fields.text(tree, "FileKey"),
        md5=fields.text(tree, "FileMd5", fields.NAME_MAX),
        size_bytes=fields.count(tree, "FileTotalLen"),
    )


MESSAGES: Mapping[str, Decoder] = MappingProxyType(
    {
        "text": _text,
        "image": _image,
        "voice": _voice,
        "video": _video,
        "shortvideo": _short_video,
        "location": _location,
        "link": _link,
        "file": _file,
    }
)
