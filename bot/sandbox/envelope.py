"""Puts a push into its envelope: format, encryption mode, signatures, query and headers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yarl import URL

from bot.sandbox import cipher, signing, wire

if TYPE_CHECKING:
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields


@dataclass(frozen=True)
class Stamp:
    """What signatures are made of; hostile cases change one part of it."""

    token: str
    timestamp: str
    nonce: str
    aes_key: str
    app_id: str
    noise: bytes


@dataclass(frozen=True)
class Request:
    """One HTTP request to the webhook; `plain` is the body before encryption."""

    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    plain: str
    aes_key: str

    def url(self, webhook_url: str) -> URL:
        """Return the webhook's address with this query."""
        return URL(webhook_url).update_query(self.query)

    def with_query(self, **values: str) -> Request:
        """Return a copy with other query values."""
        return replace(self, query={**self.query, **values})


def stamp(platform: Platform) -> Stamp:
    """Return a fresh stamp: the time, a nonce of 9 or 10 digits, 16 random bytes.

    Random bytes are printable one time and binary the next; real ones are printable.
    """
    config, noise = platform.config, platform.noise
    letters = b"0123456789abcdef"
    raw = bytes(noise.choices(letters, k=16)) if noise.random() < 0.5 else noise.randbytes(16)  # noqa: PLR2004 - half
    return Stamp(
        token=config.token,
        timestamp=str(int(platform.clock.now())),
        nonce=str(noise.randrange(10**8, 2 * 10**9)),
        aes_key=_key(platform),
        app_id=config.app_id,
        noise=raw,
    )


def _key(platform: Platform) -> str:
    """Return the AES key; for a while after a change the old one still comes now and then."""
    is_rotating = platform.old_key and platform.clock.now() < platform.old_key_until
    if is_rotating and platform.noise.random() < 0.5:  # noqa: PLR2004 - half
        return platform.old_key
    return platform.config.aes_key


def seal(platform: Platform, fields: Fields, mark: Stamp | None = None) -> Request:
    """Return the request that carries these fields in the account's mode and format.

    Source: message push pages, developers.weixin.qq.com/doc/service, read 2026-10.
    """
    openid = str(fields.get("FromUserName", ""))
    return seal_body(platform, render(platform, fields).encode(), openid, mark, fields)


def seal_body(
    platform: Platform,
    body: bytes,
    openid: str,
    mark: Stamp | None = None,
    shown: Fields | None = None,
) -> Request:
    """Return the request for a body of any bytes; `shown` stands beside it in compatible mode."""
    mark = mark or stamp(platform)
    request = Request(
        query={
            "signature": signing.sign(mark.token, mark.timestamp, mark.nonce),
            "timestamp": mark.timestamp,
            "nonce": mark.nonce,
            "openid": openid,
        },
        headers=headers(platform),
        body=body,
        plain=body.decode(errors="replace"),
        aes_key="",
    )
    if platform.config.mode == "plain":
        return request
    encrypted = cipher.encrypt(mark.aes_key, mark.app_id, body, mark.noise)
    return wrap(platform, request, mark, encrypted, shown)


def wrap(
    platform: Platform,
    request: Request,
    mark: Stamp,
    encrypted: str,
    shown: Fields | None = None,
) -> Request:
    """Return the request with a ciphertext: beside the fields, or in safe mode instead of them."""
    beside = (shown or {}) if platform.config.mode == "compatible" else {}
    outer = {"ToUserName": platform.config.account_id, **beside, "Encrypt": encrypted}
    signature = signing.sign(mark.token, mark.timestamp, mark.nonce, encrypted)
    return replace(
        request.with_query(encrypt_type="aes", msg_signature=signature),
        body=render(platform, outer).encode(),
        aes_key=mark.aes_key,
    )


def render(platform: Platform, fields: Fields) -> str:
    """Return fields in the account's data format."""
    if platform.config.data_format == "json":
        single = platform.config.json_single_as_object
        return wire.to_json(fields, single_as_object=single)
    return wire.to_xml(fields)


def headers(platform: Platform) -> dict[str, str]:
    """Return the headers seen on real pushes."""
    kind = "application/json" if platform.config.data_format == "json" else "text/xml"
    return {
        "User-Agent": "Mozilla/4.0",
        "Accept": "*/*",
        "Content-Type": kind,
        "Pragma": "no-cache",
    }
