"""The two signatures of the message push, written from the official description."""

from __future__ import annotations

import hashlib


def sign(*parts: str) -> str:
    """Return the hex SHA-1 of the parts, sorted by bytes and joined.

    Three parts (token, timestamp, nonce) give `signature`; with the ciphertext as a fourth part
    they give `msg_signature`.

    Source: message push encryption, developers.weixin.qq.com/doc/service, read 2026-10.
    """
    ordered = sorted(part.encode() for part in parts)
    return hashlib.sha1(b"".join(ordered)).hexdigest()
