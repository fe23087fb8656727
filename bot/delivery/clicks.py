"""Signed links of one parent in one broadcast: who opened it is counted, never shown by name."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.ledger_tables import deliveries
from bot.people.sealed import derived
from bot.runtime import Runtime

#: Below `/h`.
PATH = "c"
_MAC, _ID, _N = 9, 5, 6
_LENGTH = (_ID + _N + _MAC) * 8 // 6 + 1


def token(rt: Runtime, broadcast: int, n: int) -> str:
    """Return what a link of this row carries; only this installation can make it."""
    said = broadcast.to_bytes(_ID) + n.to_bytes(_N)
    return base64.urlsafe_b64encode(said + _mac(rt, said)).decode().rstrip("=")


def read(rt: Runtime, text: str) -> tuple[int, int] | None:
    """Return broadcast and row of a token, None where it is not ours."""
    if len(text) != _LENGTH or not text.isascii():
        return None
    try:
        said = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = said[: _ID + _N], said[_ID + _N :]
    if not hmac.compare_digest(mac, _mac(rt, body)):
        return None
    return int.from_bytes(body[:_ID]), int.from_bytes(body[_ID:])


async def note(tx: AsyncConnection, broadcast: int, n: int, now: datetime) -> None:
    """Note the first opening of a link."""
    await tx.execute(
        update(deliveries)
        .where(
            deliveries.c.broadcast == broadcast,
            deliveries.c.n == n,
            deliveries.c.clicked_at.is_(None),
        )
        .values(clicked_at=now)
    )


def address(rt: Runtime, broadcast: int, n: int) -> str:
    """Return the link itself; empty where parents cannot reach our pages."""
    origin = rt.settings.public_url.rstrip("/")
    return f"{origin}/h/{PATH}/{token(rt, broadcast, n)}" if origin else ""


def _mac(rt: Runtime, said: bytes) -> bytes:
    key = derived(rt.code_key, "broadcast-link")
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC]
