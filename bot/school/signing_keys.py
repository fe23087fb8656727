"""The pair of keys that signs certificates: read, and its private half opened."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput
from bot.people import sealed
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates, keys

#: What the installation's own key seals the private half for.
PURPOSE = "certificate-key"


async def last(tx: AsyncConnection) -> Any:
    """Return the newest pair; None: none was made yet."""
    return (await tx.execute(select(keys).order_by(keys.c.number.desc()).limit(1))).first()


def opened(rt: Runtime, row: Any) -> Ed25519PrivateKey:
    """Return the private half of a pair.

    Raises:
        InvalidInput: another installation's key sealed it, it is damaged, or it was deleted.
    """
    if row.sealed is None:
        raise InvalidInput("the private half of the certificate key is gone")
    seed = sealed.unseal(rt.code_key, PURPOSE, row.sealed)
    return Ed25519PrivateKey.from_private_bytes(seed)


async def is_needed(tx: AsyncConnection) -> bool:
    """Say whether certificates were issued, so that a pair has to be there."""
    return bool(await tx.scalar(select(exists(select(certificates.c.id)))))
