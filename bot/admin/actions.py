"""Changes of accounts and grants: checked, done and noted in one transaction."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admin import people
from bot.console import audit
from bot.errors import InvalidInput, NotAllowed
from bot.people import invitations, second_factor, staff
from bot.people.actor import Actor, Grant
from bot.people.tables import grants
from bot.runtime import Runtime


async def invite(rt: Runtime, tx: AsyncConnection, actor: Actor, name: str, grant: Grant) -> str:
    """Return the secret of a link that opens an account once; its grant waits for a second person.

    Raises:
        NotAllowed: the giver may not hand this out.
    """
    _must_reach(actor, grant)
    key = await invitations.make(
        tx, invitations.INVITE, now=rt.clock.now(), name=name, grant=grant, by=actor.id
    )
    await audit.note(
        rt, tx, actor, "staff.invited", area=grant.area, after=_said(grant) | {"name": name}
    )
    return key


async def reset(rt: Runtime, tx: AsyncConnection, actor: Actor, person: people.Person) -> str:
    """Return the secret of a link to set a new password.

    Raises:
        NotAllowed: the account is not this person's to manage.
    """
    await _must_manage(tx, actor, person)
    key = await invitations.make(
        tx, invitations.RESET, now=rt.clock.now(), name=person.name, person=person.id, by=actor.id
    )
    await _note(rt, tx, actor, "staff.reset", person)
    return key


async def close(rt: Runtime, tx: AsyncConnection, actor: Actor, person: people.Person) -> None:
    """Close an account and its sessions.

    Raises:
        NotAllowed: as `reset`.
        InvalidInput: nobody could administrate any more.
    """
    await _must_manage(tx, actor, person)
    await staff.disable(tx, person.id, rt.clock.now())
    await _note(rt, tx, actor, "staff.closed", person)


async def reopen(rt: Runtime, tx: AsyncConnection, actor: Actor, person: people.Person) -> None:
    """Open a closed account again; raises as `reset`."""
    await _must_manage(tx, actor, person)
    await staff.disable(tx, person.id, None)
    await _note(rt, tx, actor, "staff.opened", person)


async def drop_second_factor(
    rt: Runtime, tx: AsyncConnection, actor: Actor, person: people.Person
) -> None:
    """Forget a lost phone: it is set up anew at the next login. Raises as `reset`."""
    await _must_manage(tx, actor, person)
    await second_factor.drop(tx, person.id)
    await _note(rt, tx, actor, "staff.second_factor_dropped", person)


async def propose(
    rt: Runtime, tx: AsyncConnection, actor: Actor, person: people.Person, grant: Grant
) -> None:
    """Note a grant that counts once a second person approves it.

    Raises:
        NotAllowed: the giver may not hand this out.
        InvalidInput: the role is unknown, or the person holds or waits for the same.
    """
    _must_reach(actor, grant)
    same = select(func.count()).select_from(grants).where(
        grants.c.staff == person.id, grants.c.role == grant.role, grants.c.area == grant.area,
        grants.c.topic == grant.topic, grants.c.ended_at.is_(None),
    )  # fmt: skip
    if await tx.scalar(same):
        raise InvalidInput("grant.held")
    number = await staff.propose(tx, person.id, grant, by=actor.id, now=rt.clock.now())
    await audit.note(
        rt, tx, actor, "grant.proposed", f"staff:{person.id}", area=grant.area,
        grant=number, after=_said(grant),
    )  # fmt: skip


async def approve(rt: Runtime, tx: AsyncConnection, actor: Actor, row: people.GrantRow) -> None:
    """Let a grant count, as a second person.

    Raises:
        NotAllowed: it is the person's own or own proposal, or lies outside.
        NotFound: it waits no longer.
    """
    _must_reach(actor, row.grant)
    await staff.approve(tx, row.id, by=actor.id, now=rt.clock.now())
    await audit.note(
        rt, tx, actor, "grant.approved", f"staff:{row.staff}", area=row.grant.area,
        grant=row.id, after=_said(row.grant),
    )  # fmt: skip


async def end(rt: Runtime, tx: AsyncConnection, actor: Actor, row: people.GrantRow) -> None:
    """End a grant, or refuse one that waits.

    Raises:
        NotAllowed: it lies outside.
        InvalidInput: nobody could administrate any more.
    """
    _must_reach(actor, row.grant)
    await staff.end(tx, row.id, now=rt.clock.now())
    await audit.note(
        rt, tx, actor, "grant.ended", f"staff:{row.staff}", area=row.grant.area,
        grant=row.id, before=_said(row.grant),
    )  # fmt: skip


def _must_reach(actor: Actor, grant: Grant) -> None:
    if not staff.reaches(actor, grant):
        raise NotAllowed("grant.outside")


async def _must_manage(tx: AsyncConnection, actor: Actor, person: people.Person) -> None:
    if not await people.is_managed(tx, actor, person.id):
        raise NotAllowed("staff.not_managed")


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, action: str, person: people.Person
) -> None:
    """Note a change of an account, for every place it belongs to."""
    areas = {g.grant.area for g in person.grants}
    area = areas.pop() if len(areas) == 1 else ""
    await audit.note(rt, tx, actor, action, f"staff:{person.id}", area=area)


def _said(grant: Grant) -> dict[str, str]:
    return {"role": grant.role, "area": grant.area, "topic": grant.topic}
