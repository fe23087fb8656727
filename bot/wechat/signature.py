"""The platform's signature: SHA-1 over its sorted parts, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re

_FORM = re.compile(r"[0-9a-f]{40}").fullmatch


def sign(*parts: str) -> str:
    """Return the lower-case hexadecimal signature of the parts, whatever their order.

    Parts are sorted by code point, which for UTF-8 is the order of the bytes. Lone surrogates
    (bytes of a query that were not UTF-8) are hashed as they are: no input raises.

    Source: push/encryption.html, developers.weixin.qq.com, WECHAT.md 2.2.
    """
    text = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(text).hexdigest()  # noqa: S324 - the platform's signature is SHA-1


def has_form(signature: str) -> bool:
    """Say whether a text looks like a signature at all: 40 lower-case hexadecimal digits."""
    return _FORM(signature) is not None


def matches(signature: str, *parts: str) -> bool:
    """Say whether `signature` belongs to the parts; takes the same time for every wrong one."""
    given = signature.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(sign(*parts).encode(), given)
