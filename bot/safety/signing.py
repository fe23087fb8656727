"""Who stands for the texts of a crisis: a clinician and a lawyer, anew with each change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.safety.rules import rules
from bot.safety.tables import signatures
from intents import crisis_replies, crisis_soft


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; `is_stale` says that the words have changed since."""

    kind: str
    name: str
    office: str
    at: datetime
    is_stale: bool


@cache
def texts() -> Mapping[str, str]:
    """Return every text a parent may read in a crisis, by its id."""
    return {**crisis_replies.texts(), **crisis_soft.texts()}


def hash_of(text: str) -> str:
    """Return what a signature is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


async def signed(tx: AsyncConnection) -> dict[str, dict[str, Signature]]:
    """Return the newest signature of each kind, by text."""
    known = texts()
    found: dict[str, dict[str, Signature]] = {name: {} for name in known}
    rows = await tx.execute(select(signatures).order_by(signatures.c.id))
    for row in rows:
        if row.text in known:
            stale = row.hash != hash_of(known[row.text])
            found[row.text][row.kind] = Signature(row.kind, row.name, row.office, row.at, stale)
    return found


def is_whole(given: Mapping[str, Signature]) -> bool:
    """Say whether a text has every signature it needs."""
    return all(kind in given and not given[kind].is_stale for kind in rules().signatures)


async def unsigned(tx: AsyncConnection) -> int:
    """Return how many texts lack a signature."""
    return sum(not is_whole(given) for given in (await signed(tx)).values())
