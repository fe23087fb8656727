"""The cipher of the message push: AES-256-CBC, padding to 32 bytes, length and app id inside."""

from __future__ import annotations

import base64
import binascii
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 20  # 16 random bytes and the length


class CipherError(ValueError):
    """The ciphertext does not open; the message says at which step."""


def key_bytes(aes_key: str) -> bytes:
    """Return the 32 bytes behind the 43 characters of the console."""
    return base64.b64decode(aes_key + "=")


def encrypt(aes_key: str, app_id: str, message: bytes, noise: bytes) -> str:
    """Return the Base64 ciphertext of a message; `noise` is 16 bytes."""
    tail = app_id.encode()
    return encrypt_raw(aes_key, pad(noise + struct.pack(">I", len(message)) + message + tail))


def encrypt_raw(aes_key: str, padded: bytes) -> str:
    """Encrypt bytes that already have their whole shape; hostile cases bring a wrong one."""
    key = key_bytes(aes_key)
    machine = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(machine.update(padded) + machine.finalize()).decode()


def pad(data: bytes) -> bytes:
    """Pad with 1 to 32 bytes, each holding their number."""
    count = BLOCK - len(data) % BLOCK
    return data + bytes([count]) * count


def decrypt(aes_key: str, app_id: str, ciphertext: str) -> bytes:
    """Return the message inside a ciphertext.

    Raises:
        CipherError: wrong Base64, block, padding, length or app id.

    """
    data = _unpad(_decrypt_raw(aes_key, ciphertext))
    if len(data) < HEAD:
        raise CipherError("shorter than its head")
    (length,) = struct.unpack(">I", data[16:HEAD])
    if length > len(data) - HEAD:
        raise CipherError("the length points past the end")
    if data[HEAD + length :] != app_id.encode():
        raise CipherError("it ends in another app id")
    return data[HEAD : HEAD + length]


def _decrypt_raw(aes_key: str, ciphertext: str) -> bytes:
    try:
        data = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CipherError("not Base64") from error
    if not data or len(data) % 16:
        raise CipherError("not whole AES blocks")
    key = key_bytes(aes_key)
    machine = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return machine.update(data) + machine.finalize()


def _unpad(data: bytes) -> bytes:
    count = data[-1]
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise CipherError("wrong padding (PKCS#7 with blocks of 32)")
    return data[:-count]
