"""Changes of saved audiences: versions are only added, within what the person looks after."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audiences.reading import Wanted
from bot.console import audit
from bot.errors import InvalidInput, NotAllowed
from bot.people import audience_saved
from bot.people.actor import Actor
from bot.people.audience import Audience, dumps
from bot.people.audience_saved import EDIT, NO_TOPIC, Saved, audiences, versions
from bot.people.audience_shape import CITY, common
from bot.runtime import Runtime


def narrowed(actor: Actor, audience: Audience, permission: str = EDIT) -> tuple[Audience, str]:
    """Return an audience cut to what somebody looks after, and the node it belongs to.

    Raises:
        NotAllowed: nothing of it lies there.
        InvalidInput: it lies in several nodes that are looked after apart.
    """
    cut = audience.narrowed(audience_saved.own(actor, permission))
    area = CITY if cut.is_everywhere else common(cut.areas)
    if not actor.may(permission, area, NO_TOPIC):
        raise InvalidInput("audiences.too_wide")
    return cut, area


async def add(rt: Runtime, tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Save a new audience; returns its number.

    Raises:
        NotAllowed, InvalidInput: as `narrowed`.
    """
    audience, area = narrowed(actor, wanted.audience)
    row = {"name": wanted.name, "area": area, "version": 1}
    made = await tx.execute(insert(audiences).values(**row, **_changed(rt, actor)))
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    await _keep(rt, tx, actor, number, 1, wanted, audience, area)
    return number


async def change(
    rt: Runtime, tx: AsyncConnection, actor: Actor, saved: Saved, wanted: Wanted, seen: int
) -> None:
    """Add a version to a saved audience that still stands at the version the person saw.

    Raises:
        NotAllowed, InvalidInput: as `narrowed`, or somebody else was faster.
    """
    actor.require(EDIT, saved.area, NO_TOPIC)
    audience, area = narrowed(actor, wanted.audience)
    done = await tx.execute(
        update(audiences)
        .where(audiences.c.id == saved.id, audiences.c.version == seen)
        .values(name=wanted.name, area=area, version=seen + 1, **_changed(rt, actor))
    )
    if done.rowcount != 1:
        raise InvalidInput("audiences.changed_meanwhile")
    await _keep(rt, tx, actor, saved.id, seen + 1, wanted, audience, area)


async def archive(rt: Runtime, tx: AsyncConnection, actor: Actor, saved: Saved) -> None:
    """Put an audience away; what was sent to it keeps its own copy.

    Raises:
        NotAllowed: it lies outside.
    """
    if not actor.may(EDIT, saved.area, NO_TOPIC):
        raise NotAllowed
    now = rt.clock.now()
    await tx.execute(update(audiences).where(audiences.c.id == saved.id).values(archived_at=now))
    await audit.note(
        rt, tx, actor, "audience.archived", f"audience:{saved.id}", area=saved.area, name=saved.name
    )


def _changed(rt: Runtime, actor: Actor) -> dict[str, object]:
    return {"changed_at": rt.clock.now(), "changed_by": actor.id}


async def _keep(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, version: int, wanted: Wanted,
    audience: Audience, area: str,
) -> None:  # fmt: skip
    row = {"audience": number, "number": version, "name": wanted.name, "area": area}
    kept = {
        "definition": dumps(audience),
        "excluded": audience_saved.numbers(wanted.excluded),
        "at": rt.clock.now(),
        "by": actor.id,
        "by_name": actor.name,
    }
    await tx.execute(insert(versions).values(**row, **kept))
    await audit.note(
        rt, tx, actor, "audience.saved", f"audience:{number}", area=area, version=version,
        name=wanted.name,
    )  # fmt: skip
