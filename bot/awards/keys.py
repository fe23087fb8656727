"""The installation's pairs of keys: made here, sealed, in the database, so every replica has them.

A restore brings them back with everything else; only the installation's own key opens them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import signing
from bot.db.upsert import insert_if_new
from bot.people import sealed
from bot.runtime import Runtime
from bot.school import signing_keys
from bot.school.certificate_tables import keys

_COLUMNS = ("number", "id", "public", "sealed", "made_at")


@dataclass(frozen=True, slots=True)
class Signer:
    """The pair in force."""

    id: str
    private: Ed25519PrivateKey


async def signer(rt: Runtime, tx: AsyncConnection) -> Signer:
    """Return the pair in force; the first one is made on its first use.

    Raises:
        InvalidInput: another installation's key sealed it, or it is gone; `rotate` mends both.
    """
    row = await signing_keys.last(tx)
    if row is None:
        await _add(rt, tx, 1)
        row = await signing_keys.last(tx)
    assert row is not None
    return Signer(row.id, signing_keys.opened(rt, row))


async def rotate(rt: Runtime, tx: AsyncConnection) -> str:
    """Make a new pair; the former one signs no more and goes on proving. Returns the new id."""
    last = await signing_keys.last(tx)
    number = 1 if last is None else last.number + 1
    await _add(rt, tx, number)
    old = keys.c.retired_at.is_(None) & (keys.c.number < number)
    await tx.execute(update(keys).where(old).values(sealed=None, retired_at=rt.clock.now()))
    made = await signing_keys.last(tx)
    assert made is not None
    return str(made.id)


async def public(tx: AsyncConnection, name: str) -> str:
    """Return a public key; empty where there is none of that id."""
    return str(await tx.scalar(select(keys.c.public).where(keys.c.id == name)) or "")


async def published(tx: AsyncConnection) -> list[Any]:
    """Return every public key, the newest first; never a private one."""
    c = keys.c
    wanted = select(c.number, c.id, c.public, c.made_at, c.retired_at).order_by(c.number.desc())
    return list((await tx.execute(wanted)).all())


async def _add(rt: Runtime, tx: AsyncConnection, number: int) -> None:
    """Add a pair under a number; where another process was first, its pair stands."""
    private = Ed25519PrivateKey.generate()
    seed = private.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    held = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    row = {
        "number": number,
        "id": signing.key_id(held),
        "public": signing.b64(held),
        "sealed": sealed.seal(rt.code_key, signing_keys.PURPOSE, seed),
        "made_at": rt.clock.now(),
    }
    await tx.execute(insert_if_new(keys, _COLUMNS, is_sqlite=rt.db.is_sqlite), row)
