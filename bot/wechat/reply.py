"""Passive replies: the answer in the HTTP response, XML or JSON, encrypted where the push was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.wechat import signature

if TYPE_CHECKING:
    from bot.wechat.context import ReplyContext, Seal
    from bot.wechat.replies import Fields, Reply

SUCCESS = b"success"  # nothing to say: no retry, nothing shown; never encrypted
_XML = (
    "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName>"
    "<CreateTime>%d</CreateTime><MsgType><![CDATA[%s]]></MsgType>%s</xml>"
)
_SEALED_XML = (
    "<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature>"
    "<TimeStamp>%d</TimeStamp><Nonce><![CDATA[%s]]></Nonce></xml>"
)


def render(reply: Reply | None, context: ReplyContext) -> tuple[bytes, str]:
    """Return the body and content type of the response; `None` says nothing to the follower.

    Source: WECHAT.md 2.7 for the forms, 2.4 for the encrypted ones (TimeStamp in seconds).
    """
    if reply is None:
        return SUCCESS, "text/plain"
    now = int(context.clock.timestamp())
    if context.form == "json":
        return _json(reply, context, now), "application/json"
    return _xml(reply, context, now), "text/xml"


def _xml(reply: Reply, context: ReplyContext, now: int) -> bytes:
    elements = _elements(reply.fields(context.articles_max))
    message = context.message
    text = _XML % (message.openid, message.account, now, reply.kind, elements)
    seal = context.seal
    if seal is None:
        return text.encode()
    encrypt, signed = _encrypt(text.encode(), seal, now)
    return (_SEALED_XML % (encrypt, signed, now, _cdata(seal.nonce))).encode()


def _json(reply: Reply, context: ReplyContext, now: int) -> bytes:
    # Nothing official shows a JSON passive reply; names and nesting mirror the XML one.
    message = context.message
    head = {"ToUserName": message.openid, "FromUserName": message.account, "CreateTime": now}
    body = _dump(head | {"MsgType": reply.kind} | reply.fields(context.articles_max))
    seal = context.seal
    if seal is None:
        return body
    encrypt, signed = _encrypt(body, seal, now)
    return _dump(
        {"Encrypt": encrypt, "MsgSignature": signed, "TimeStamp": now, "Nonce": seal.nonce}
    )


def _encrypt(body: bytes, seal: Seal, now: int) -> tuple[str, str]:
    """Return the `Encrypt` and `MsgSignature` fields."""
    encrypt = seal.cipher.encrypt(body, seal.key)
    return encrypt, signature.sign(seal.token, str(now), seal.nonce, encrypt)


def _elements(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: str | int | Fields | list[Fields]) -> str:
    if isinstance(value, str):
        return f"<{name}><![CDATA[{_cdata(value)}]]></{name}>"
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    inner = value if isinstance(value, int) else _elements(value)
    return f"<{name}>{inner}</{name}>"


def _cdata(text: str) -> str:
    """Return a text that cannot close its CDATA section: `]]>` is split over two."""
    return text.replace("]]>", "]]]]><![CDATA[>")


def _dump(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
