"""AES for pushes and replies: the current key and the previous one, strict padding, one error."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.errors import StartRefused
from bot.wechat.refusals import Undecodable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BLOCK_BYTES = 32
SALT_BYTES = 16
LENGTH_BYTES = 4
_KEY_FORM = re.compile(r"[A-Za-z0-9]{43}").fullmatch
_APP_ID_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted text and the number of the key that opened it (0 = current, 1 = previous)."""

    content: bytes
    key: int


@dataclass(frozen=True, slots=True)
class _Key:
    """One EncodingAESKey, ready for use; `encryptor` and `decryptor` start a fresh CBC stream."""

    encryptor: Callable[[], Any] = field(repr=False)
    decryptor: Callable[[], Any] = field(repr=False)


class Cipher:
    """Opens pushes with any of its keys and seals replies with the one that worked.

    Args:
        keys: EncodingAESKey texts of 43 letters and digits, the current one first.
        app_id: the account's appid, which must stand at the end of every plaintext.

    Raises:
        StartRefused: a key or the appid has a wrong form.

    Source: push/encryption.html, developers.weixin.qq.com, WECHAT.md 2.4 (block 32, IV = key[:16]).
    """

    def __init__(self, keys: Sequence[str], app_id: str) -> None:
        if not keys:
            raise StartRefused("The cipher needs an EncodingAESKey.")
        if not _APP_ID_FORM(app_id):
            raise StartRefused("The appid must be 1 to 64 letters, digits, `_` or `-`.")
        self._keys = tuple(_load(key) for key in keys)
        self._app_id = app_id.encode()

    def decrypt(self, encrypt: str) -> Opened:
        """Return what an `Encrypt` field holds.

        Raises:
            Undecodable: for every failure alike (base64, padding, length, UTF-8, appid).
        """
        sealed = _from_base64(encrypt)
        for number, key in enumerate(self._keys):
            decryptor = key.decryptor()
            content = _unpack(decryptor.update(sealed) + decryptor.finalize(), self._app_id)
            if content is not None:
                return Opened(content, number)
        raise Undecodable

    def encrypt(self, content: bytes, key: int = 0, *, salt: bytes | None = None) -> str:
        """Return the `Encrypt` field for a reply; only tests set `salt`, 16 bytes else random."""
        head = (salt or secrets.token_bytes(SALT_BYTES)) + len(content).to_bytes(LENGTH_BYTES)
        plain = head + content + self._app_id
        pad = BLOCK_BYTES - len(plain) % BLOCK_BYTES
        encryptor = self._keys[key].encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return binascii.b2a_base64(sealed, newline=False).decode()


def _load(text: str) -> _Key:
    from cryptography.hazmat.primitives.ciphers import Cipher as Aes
    from cryptography.hazmat.primitives.ciphers import algorithms, modes

    if not _KEY_FORM(text):
        raise StartRefused("An EncodingAESKey must be exactly 43 letters and digits.")
    key = base64.b64decode(text + "=")
    aes = Aes(algorithms.AES(key), modes.CBC(key[:16]))
    return _Key(aes.encryptor, aes.decryptor)


def _from_base64(encrypt: str) -> bytes:
    try:
        sealed = base64.b64decode("".join(encrypt.split()), validate=True)
    except ValueError:
        raise Undecodable from None
    if not sealed or len(sealed) % BLOCK_BYTES:
        raise Undecodable
    return sealed


def _unpack(padded: bytes, app_id: bytes) -> bytes | None:
    """Return the message inside a decrypted text, or None when anything about it is wrong."""
    pad = padded[-1]
    fits = 1 <= pad <= BLOCK_BYTES and hmac.compare_digest(padded[-pad:], bytes([pad]) * pad)
    plain = padded[:-pad] if fits else padded
    start = SALT_BYTES + LENGTH_BYTES
    end = start + int.from_bytes(plain[SALT_BYTES:start])
    fits = hmac.compare_digest(plain[end:], app_id) and fits and len(plain) >= start
    if not fits:
        return None
    content = plain[start:end]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return content
