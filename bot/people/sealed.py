"""Secrets at rest: sealed with a key derived from the installation's key, opened only by it."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import InvalidInput

_NONCE = 12


def derived(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, from the installation's key (HKDF-SHA256)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)


def seal(key: bytes, purpose: str, plain: bytes) -> bytes:
    """Return nonce and AES-256-GCM ciphertext; the purpose is bound to it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derived(key, purpose)).encrypt(nonce, plain, purpose.encode())


def unseal(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """Return what `seal` was given.

    Raises:
        InvalidInput: another installation's key, another purpose, or damage.
    """
    try:
        cipher = AESGCM(derived(key, purpose))
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: too short to be one
        raise InvalidInput(
            "a stored secret cannot be read: BOT_PRIVACY_KEY or privacy.key is another one"
        ) from error


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a random secret, as it is kept in the database."""
    return hashlib.sha256(secret.encode()).hexdigest()
