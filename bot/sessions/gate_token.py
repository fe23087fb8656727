"""The token of the rotating code: an HMAC of a session's secret and the minute."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

#: Seconds that one code stands; the one before is still good, so that nobody has to hurry.
STANDS_S = 60
_GOOD = 2
_LENGTH = 20


def token(secret: str, now: datetime) -> str:
    """Return the token of this minute."""
    return _of(secret, minute(now))


def is_good(secret: str, given: str, now: datetime) -> bool:
    """Say whether a token is of this minute or of the one before."""
    here = minute(now)
    return any(
        hmac.compare_digest(_of(secret, here - n).encode(), given.encode()) for n in range(_GOOD)
    )


def minute(now: datetime) -> int:
    """Return the number of the minute."""
    return int(now.timestamp()) // STANDS_S


def _of(secret: str, number: int) -> str:
    made = hmac.new(secret.encode(), f"gate:{number}".encode(), hashlib.sha256)
    return made.hexdigest()[:_LENGTH]
