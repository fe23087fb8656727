"""Secrets at rest: AES-GCM under a key made from the installation's, the name bound in."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import InvalidInput

_NONCE_BYTES = 12
_PURPOSE = b"bot account settings 1"


class OtherKey(InvalidInput):
    """A stored secret does not open: it was sealed with another installation's key."""


def seal(key: bytes, name: str, text: str) -> bytes:
    """Return the nonce and the sealed text; the same text never gives the same bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _box(key).encrypt(nonce, text.encode(), name.encode())


def unseal(key: bytes, name: str, sealed: bytes) -> str:
    """Return the text.

    Raises:
        OtherKey: the key, the name or the bytes are not those of the sealing.
    """
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _box(key).decrypt(nonce, rest, name.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise OtherKey from error


def _box(key: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(key))
