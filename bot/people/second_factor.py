"""The second factor: codes of 30 s by RFC 6238, each taken once, and ten codes for a lost phone."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import CursorResult, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.sealed import fingerprint, seal, unseal
from bot.people.staff import Account
from bot.people.tables import recovery_codes, staff

PERIOD_S = 30
_PURPOSE = "staff-totp"
_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """Return a fresh secret in base 32 (160 bits)."""
    return pyotp.random_base32()


def uri(secret: str, login: str, issuer: str) -> str:
    """Return the address a phone's authenticator takes from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def period_of(secret: str, typed: str, now: datetime) -> int | None:
    """Return the period whose code this is (now, or one before or after), None when wrong."""
    code = "".join(typed.split())
    at = int(now.timestamp()) // PERIOD_S
    made = pyotp.TOTP(secret)
    if not code.isascii():
        return None
    for period in (at, at - 1, at + 1):
        if hmac.compare_digest(made.at(period * PERIOD_S), code):
            return period
    return None


async def enrol(
    tx: AsyncConnection, key: bytes, number: int, secret: str, period: int
) -> list[str]:
    """Keep a proven secret and return new recovery codes."""
    await tx.execute(
        update(staff)
        .where(staff.c.id == number)
        .values(totp=seal(key, _PURPOSE, secret.encode()), totp_used=period)
    )
    return await new_codes(tx, number)


async def new_codes(tx: AsyncConnection, number: int) -> list[str]:
    """Return new recovery codes; the ones before are worthless, and only hashes are kept."""
    await tx.execute(delete(recovery_codes).where(recovery_codes.c.staff == number))
    codes = ["-".join(_piece() for _ in range(3)) for _ in range(_CODES)]
    await tx.execute(
        insert(recovery_codes), [{"key": fingerprint(c), "staff": number} for c in codes]
    )
    return codes


async def codes_left(tx: AsyncConnection, number: int) -> int:
    """Return how many recovery codes were not used yet."""
    count = await tx.scalar(
        select(func.count())
        .select_from(recovery_codes)
        .where(recovery_codes.c.staff == number, recovery_codes.c.used_at.is_(None))
    )
    return count or 0


def _piece() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


async def take(
    tx: AsyncConnection, key: bytes, account: Account, typed: str, now: datetime
) -> bool:
    """Say whether a code is right, and use it up: the same code is refused afterwards."""
    assert account.totp is not None
    secret = unseal(key, _PURPOSE, account.totp).decode()
    period = period_of(secret, typed, now)
    if period is None:
        return await _take_recovery(tx, account.id, typed, now)
    fresh: CursorResult[tuple[()]] = await tx.execute(
        update(staff)
        .where(
            staff.c.id == account.id,
            or_(staff.c.totp_used.is_(None), staff.c.totp_used < period),
        )
        .values(totp_used=period)
    )
    return fresh.rowcount == 1


async def _take_recovery(tx: AsyncConnection, number: int, typed: str, now: datetime) -> bool:
    used: CursorResult[tuple[()]] = await tx.execute(
        update(recovery_codes)
        .where(
            recovery_codes.c.key == fingerprint(typed.strip().lower()),
            recovery_codes.c.staff == number,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


async def drop(tx: AsyncConnection, number: int) -> None:
    """Forget a person's second factor: it must be set up anew at the next login."""
    await tx.execute(update(staff).where(staff.c.id == number).values(totp=None, totp_used=None))
    await tx.execute(delete(recovery_codes).where(recovery_codes.c.staff == number))
