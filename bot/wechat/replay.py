"""Plain mode only: one signature carries one push, its retries included, and no other."""

from __future__ import annotations

import hashlib

GENERATION_MAX = 32_768  # about 5 MB each; two generations are kept
_SIGNATURE_DIGITS = 15  # 60 bits name a checked signature; two machine words in CPython


class Replays:
    """Remembers which push each signature carried, for at least `window_s` seconds.

    The plain-mode signature covers only token, timestamp and nonce: whoever reads one query string
    in a log could send any parent's message with it, or move digits between timestamp and nonce.
    Two generations of entries keep memory bounded; a flood of signed pushes shortens the memory.
    """

    __slots__ = ("_new", "_old", "_turned_at", "_window_s")

    def __init__(self, window_s: float) -> None:
        # A timestamp may lie one window ahead and is good until one window behind.
        self._window_s = 2 * window_s
        self._new: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._turned_at = 0.0

    def is_first_or_same(self, signature: str, timestamp: str, body: bytes, now_s: float) -> bool:
        """Say whether a signature is new, or known with exactly this push (a retry of WeChat's).

        The signature must be checked before; `now_s` is of a monotonic clock.
        """
        hashed = hashlib.blake2b(body, digest_size=8, salt=timestamp.encode()[:16])
        pushed = int.from_bytes(hashed.digest(), "big")
        name = int(signature[:_SIGNATURE_DIGITS], 16)
        known = self._new.get(name, self._old.get(name))
        if known is not None:
            return known == pushed
        if now_s - self._turned_at > self._window_s or len(self._new) >= GENERATION_MAX:
            self._old, self._new, self._turned_at = self._new, {}, now_s
        self._new[name] = pushed
        return True
