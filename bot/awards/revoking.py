"""A certificate is revoked: one colleague asks with a reason, another agrees; all see it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import proving, serials
from bot.console import audit
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates
from bot.school.course_tables import courses

READ, REVOKE, KEYS = "awards.read", "awards.revoke", "awards.keys"
#: Fewer parents are not told in a number.
LEAST = 10
_c = certificates.c
_CLEARED: dict[str, Any] = {"asked_at": None, "asked_by": None, "reason": ""}


async def one(tx: AsyncConnection, text: str) -> Any:
    """Return a certificate with its public key.

    Raises:
        NotFound: there is none of that serial.
    """
    row = (await tx.execute(proving.of(serials.read(text) or ""))).first()
    if row is None:
        raise NotFound
    return row


async def counts(tx: AsyncConnection) -> list[Any]:
    """Return by rule and period how many there are, and how many are revoked; never of whom.

    Where there are fewer than `LEAST` nothing tells whether there are any.
    """
    rows = await tx.execute(
        select(
            _c.rule, _c.period, func.count().label("issued"),
            func.count(_c.revoked_at).label("revoked"), courses.c.title,
        ).join_from(certificates, courses, courses.c.id == _c.period, isouter=True)
        .group_by(_c.rule, _c.period, courses.c.title)
        .having(func.count() >= LEAST).order_by(_c.rule, _c.period.desc())
    )  # fmt: skip
    return list(rows.all())


async def waiting(tx: AsyncConnection) -> list[Any]:
    """Return the serials that somebody wants revoked, the oldest wish first."""
    open_still = _c.asked_at.is_not(None) & _c.revoked_at.is_(None)
    wanted = select(_c.serial, _c.asked_at, _c.reason).where(open_still).order_by(_c.asked_at)
    return list((await tx.execute(wanted.limit(100))).all())


async def ask(rt: Runtime, tx: AsyncConnection, actor: Actor, serial: str, reason: str) -> None:
    """Note the wish to revoke a certificate.

    Raises:
        InvalidInput: it is revoked, or somebody asked already.
    """
    row = await one(tx, serial)
    values = {"asked_at": rt.clock.now(), "asked_by": actor.id, "reason": reason}
    await _change(tx, row, _c.asked_at.is_(None) & _c.revoked_at.is_(None), values)
    await audit.note(
        rt, tx, actor, "certificate.revoke_asked", f"certificate:{row.serial}", reason=reason
    )


async def decide(
    rt: Runtime, tx: AsyncConnection, actor: Actor, serial: str, *, revokes: bool
) -> None:
    """Revoke a certificate somebody else wants revoked, or drop that wish.

    Raises:
        NotAllowed: it is one's own wish.
        InvalidInput: it is decided already.
    """
    row = await one(tx, serial)
    if revokes and row.asked_by == actor.id:
        raise NotAllowed
    done = {"revoked_at": rt.clock.now(), "revoked_by": actor.id}
    open_still = (_c.asked_at == row.asked_at) & _c.revoked_at.is_(None)
    await _change(tx, row, open_still, done if revokes else _CLEARED)
    action = "certificate.revoked" if revokes else "certificate.revoke_dropped"
    await audit.note(rt, tx, actor, action, f"certificate:{row.serial}", reason=row.reason)


async def _change(
    tx: AsyncConnection, row: Any, still: ColumnElement[bool], values: dict[str, Any]
) -> None:
    done = await tx.execute(update(certificates).where(_c.id == row.id, still).values(values))
    if done.rowcount != 1:
        raise InvalidInput("awards.decided")
