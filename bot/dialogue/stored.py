"""Messages and replies as JSON: for the inbox's stored replies and for the spill."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from bot.wechat import events, messages, replies
from bot.wechat.messages import Inbound
from bot.wechat.replies import Reply

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(reply: Reply | None) -> str:
    """Return a reply as JSON; `None` (nothing is shown) is the empty string."""
    if reply is None:
        return ""
    if type(reply) is replies.TextReply:  # nearly all of them, on the hot path
        return _encode({"is": "TextReply", "text": reply.text})
    told: Any = reply  # a protocol for mypy, a dataclass for asdict
    return _encode({"is": type(reply).__name__, **asdict(told)})


def loads(text: str) -> Reply | None:
    """Read what `dumps` wrote."""
    if not text:
        return None
    data: dict[str, Any] = json.loads(text)
    kind = getattr(replies, data.pop("is"))
    if kind is replies.NewsReply:
        data["articles"] = tuple(replies.Article(**a) for a in data["articles"])
    reply: Reply = kind(**data)
    return reply


def dump_message(message: Inbound) -> str:
    """Return a message or event as one line of JSON."""
    return _encode(_pack(message))


def load_message(line: str) -> Inbound:
    """Read what `dump_message` wrote.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the line is not one of a message.
    """
    message = _unpack(json.loads(line))
    if not isinstance(message, Inbound):
        raise TypeError("not a message")
    return message


def _pack(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        packed = {f.name: _pack(getattr(value, f.name)) for f in fields(value)}
        return {"is": type(value).__name__, **packed}
    return [_pack(v) for v in value] if isinstance(value, tuple) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        kind = getattr(events, value["is"], None) or getattr(messages, value["is"])
        return kind(**{k: _unpack(v) for k, v in value.items() if k != "is"})
    return tuple(_unpack(v) for v in value) if isinstance(value, list) else value
