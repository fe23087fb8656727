"""Canonical JSON and its Ed25519 signature: same content, same bytes, and each of them counts.

Source: RFC 8785 (read 2026-11-30): keys sorted, no spaces, UTF-8. Our values are text and whole
numbers alone, and our keys ASCII, so Python's own JSON writes the very form. RFC 8032: Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY_ID = 16


def canonical(content: Mapping[str, str | int]) -> str:
    """Return the content as RFC 8785 writes it."""
    assert all(key.isascii() for key in content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def b64(content: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unb64(text: str) -> bytes | None:
    """Return what `b64` was given; None for any other spelling, so that every sign counts."""
    try:
        content = base64.b64decode(
            text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return None
    return content if b64(content) == text else None


def key_id(public: bytes) -> str:
    """Return the short name of a public key: the beginning of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:_KEY_ID]


def sign(private: Ed25519PrivateKey, snapshot: str) -> str:
    """Return the signature of a snapshot, 86 characters."""
    return b64(private.sign(snapshot.encode()))


def is_signed(public: str, snapshot: str, signature: str) -> bool:
    """Say whether a public key's private half signed exactly this."""
    key, said = unb64(public), unb64(signature)
    if key is None or said is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(said, snapshot.encode())
    except (InvalidSignature, ValueError):  # ValueError: no such key, or half a sign
        return False
    return True
