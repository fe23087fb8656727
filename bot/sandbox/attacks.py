"""Attacks and oddities as requests: forged, replayed, broken, or honest but strange."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.sandbox import cipher, envelope, pushes, texts, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.envelope import Request
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields

HOUR_S = 3600
BIG_BYTES = 2 * 1024 * 1024
DEPTH = 5_000


@dataclass(frozen=True)
class Case:
    """One case: its requests are posted in turn, the answer to the last one is judged.

    A case that `must_refuse` wants a 4xx; the others want anything but a 5xx, a stray body or
    silence past the time limit. `aes` and `xml` say where the case makes sense.
    """

    build: Callable[[Platform, Phone], list[Request]]
    must_refuse: bool = False
    aes: bool = False
    xml: bool = False


def _fields(platform: Platform, phone: Phone, **changes: Any) -> Fields:
    base = pushes.text(platform.head(phone), texts.say("hostile_text"))
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def _with(**changes: Any) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case whose text push has these fields changed; None removes one."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        return [envelope.seal(platform, _fields(platform, phone, **changes))]

    return build


def _stamped(**changes: Any) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case sealed with another token, app id or key."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        mark = replace(envelope.stamp(platform), **changes)
        return [envelope.seal(platform, _fields(platform, phone), mark)]

    return build


def _dated(seconds: int) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case signed correctly for another time."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        timestamp = str(int(platform.clock.now()) + seconds)
        mark = replace(envelope.stamp(platform), timestamp=timestamp)
        return [envelope.seal(platform, _fields(platform, phone), mark)]

    return build


def _queried(**query: str) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case with other query values than were signed."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        request = envelope.seal(platform, _fields(platform, phone))
        return [request.with_query(**query)]

    return build


def _raw(make: Callable[[str], bytes]) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case whose whole plain body is made from a good one."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        body = make(envelope.render(platform, _fields(platform, phone)))
        return [envelope.seal_body(platform, body, phone.openid)]

    return build


def _outer(make: Callable[[bytes], bytes]) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case whose body on the wire is changed after sealing."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        request = envelope.seal(platform, _fields(platform, phone))
        return [replace(request, body=make(request.body))]

    return build


def _ciphered(make: Callable[[str, Platform], str]) -> Callable[[Platform, Phone], list[Request]]:
    """Return a case with another ciphertext, signed as if it were right."""

    def build(platform: Platform, phone: Phone) -> list[Request]:
        mark = envelope.stamp(platform)
        request = envelope.seal(platform, _fields(platform, phone), mark)
        encrypted = make(_encrypted(platform, request), platform)
        return [envelope.wrap(platform, request, mark, encrypted)]

    return build


def _encrypted(platform: Platform, request: Request) -> str:
    mark = envelope.stamp(platform)
    return cipher.encrypt(request.aes_key, mark.app_id, request.plain.encode(), mark.noise)


def _flip(encrypted: str, _platform: Platform) -> str:
    swapped = "B" if encrypted[40] == "A" else "A"
    return encrypted[:40] + swapped + encrypted[41:]


def _long_length(_encrypted: str, platform: Platform) -> str:
    body = b"0" * 16 + struct.pack(">I", 2**31) + b"<xml/>"
    return cipher.encrypt_raw(platform.config.aes_key, cipher.pad(body))


def _wrong_padding(_encrypted: str, platform: Platform) -> str:
    return cipher.encrypt_raw(platform.config.aes_key, b"0" * 63 + b"\x21")


def _replay(platform: Platform, phone: Phone) -> list[Request]:
    """Post one request twice, as somebody would who has read it on the way."""
    return [envelope.seal(platform, _fields(platform, phone))] * 2


def _reuse_query(platform: Platform, phone: Phone) -> list[Request]:
    """Post another body under a query that was good."""
    first = envelope.seal(platform, _fields(platform, phone))
    second = envelope.seal(platform, _fields(platform, phone, Content="0"))
    return [first, replace(second, query=first.query)]


def _strip(platform: Platform, phone: Phone) -> list[Request]:
    """Post plain fields, signed for plain mode, to an account that encrypts."""
    request = envelope.seal(platform, _fields(platform, phone))
    query = {k: v for k, v in request.query.items() if k not in ("encrypt_type", "msg_signature")}
    return [replace(request, query=query, body=request.plain.encode(), aes_key="")]


def _doctype(body: str) -> bytes:
    return b'<!DOCTYPE xml [<!ENTITY a "b">]>' + body.encode()


def _entities(body: str) -> bytes:
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(8)]
    return (
        f"<!DOCTYPE xml [{''.join(names)}]>{body.replace('</xml>', '<A>&e7;</A></xml>')}".encode()
    )


def _nest(body: str) -> bytes:
    deep = "<a>" * DEPTH + "</a>" * DEPTH
    return body.replace("</xml>", deep + "</xml>").encode()


def _double(body: str) -> bytes:
    extra = "<MsgType>" + wire.cdata("event") + "</MsgType>"
    return body.replace("</xml>", extra + "</xml>").encode()


CASES = {
    "bad_signature": Case(_stamped(token="notthetoken"), must_refuse=True),  # noqa: S106 - wrong on purpose
    "odd_signature": Case(_queried(signature="é", msg_signature="é"), must_refuse=True),
    "old_timestamp": Case(_dated(-HOUR_S), must_refuse=True),
    "future_timestamp": Case(_dated(HOUR_S), must_refuse=True),
    "odd_timestamp": Case(_queried(timestamp="1_7"), must_refuse=True),
    "replay": Case(_replay),
    "reused_query": Case(_reuse_query),
    "reused_query_aes": Case(_reuse_query, must_refuse=True, aes=True),
    "stripped": Case(_strip, must_refuse=True, aes=True),
    "wrong_app": Case(_stamped(app_id="wx0000000000000000"), must_refuse=True, aes=True),
    "flipped_bit": Case(_ciphered(_flip), must_refuse=True, aes=True),
    "long_length": Case(_ciphered(_long_length), must_refuse=True, aes=True),
    "wrong_padding": Case(_ciphered(_wrong_padding), must_refuse=True, aes=True),
    "big_body": Case(_outer(lambda body: body + b" " * BIG_BYTES), must_refuse=True),
    "empty_body": Case(_outer(lambda _: b""), must_refuse=True),
    "not_a_document": Case(_outer(lambda _: b"hello"), must_refuse=True),
    "not_utf8": Case(_raw(lambda body: body.encode("gb18030")), must_refuse=True),
    "doctype": Case(_raw(_doctype), must_refuse=True, xml=True),
    "entity_bomb": Case(_raw(_entities), must_refuse=True, xml=True),
    "deep_nesting": Case(_raw(_nest), must_refuse=True, xml=True),
    "duplicate_nodes": Case(_raw(_double), xml=True),
    "long_message_id": Case(_with(MsgId=2**65)),
    "missing_message_id": Case(_with(MsgId=None)),
    "missing_type": Case(_with(MsgType=None)),
    "missing_sender": Case(_with(FromUserName=None)),
    "odd_time": Case(_with(CreateTime="soon")),
    "empty_content": Case(_with(Content="")),
    "foreign_account": Case(_with(ToUserName="gh_000000000000")),
    "unknown_type": Case(_with(MsgType="hologram")),
    "unknown_event": Case(_with(MsgType="event", Event="tomorrow", EventKey="", MsgId=None)),
    "lower_case_event": Case(_with(MsgType="event", Event="scan", EventKey="1", MsgId=None)),
}
