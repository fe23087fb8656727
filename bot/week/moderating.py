"""Stories are looked at: what is doubtful needs a second person; what is refused has a reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.week import access
from bot.week.access import MODERATE
from bot.week.wall import PUBLISHED, REJECTED, SEEN, WAITING
from bot.week.wall_tables import photos, posts

OPEN = (WAITING, SEEN)


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the stories somebody may look at."""
    return access.seen(actor, MODERATE, posts.c.area)


async def counts(tx: AsyncConnection, actor: Actor) -> dict[str, int]:
    """Return how many stories are in each state."""
    rows = await tx.execute(
        select(posts.c.state, func.count()).where(seen(actor)).group_by(posts.c.state)
    )
    return {row.state: row[1] for row in rows}


async def listed(
    tx: AsyncConnection, actor: Actor, state: str, *, offset: int, limit: int
) -> list[Row[Any]]:
    """Return stories of a state, who waits longest first; without who sent them."""
    columns = [c for c in posts.c if c.name not in ("openid", "account")]
    wanted = posts.c.state.in_(OPEN) if state == WAITING else posts.c.state == state
    order = posts.c.sent_at if state == WAITING else posts.c.decided_at.desc()
    rows = await tx.execute(
        select(*columns).where(seen(actor), wanted).order_by(order, posts.c.id)
        .offset(offset).limit(limit)
    )  # fmt: skip
    return list(rows.all())


async def one(tx: AsyncConnection, actor: Actor, number: int) -> Row[Any]:
    """Return a story, without who sent it.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    columns = [c for c in posts.c if c.name not in ("openid", "account")]
    row = (await tx.execute(select(*columns).where(seen(actor), posts.c.id == number))).first()
    if row is None:
        raise NotFound
    return row


async def photo(tx: AsyncConnection, actor: Actor, name: str) -> str:
    """Return the name of a photo of a story somebody may look at.

    Raises:
        NotFound: it is none.
    """
    wanted = (
        select(photos.c.name).join(posts, posts.c.id == photos.c.post)
        .where(photos.c.name == name, seen(actor))
    )  # fmt: skip
    found = await tx.scalar(wanted)
    if found is None:
        raise NotFound
    return str(found)


async def approve(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> str:
    """Let a story through; a doubtful one is published by the second person. Returns its state.

    Raises:
        NotAllowed: it is one's own first look.
        InvalidInput: it is decided already.
    """
    post = await one(tx, actor, number)
    if post.state == SEEN and post.first_by == actor.id:
        raise NotAllowed
    is_first = bool(post.doubts) and post.state == WAITING
    if is_first:
        values: dict[str, Any] = {"state": SEEN, "first_by": actor.id}
    else:
        values = {"state": PUBLISHED, "decided_by": actor.id, "decided_at": rt.clock.now()}
    await _decide(tx, post, values)
    action = "wall.seen" if is_first else "wall.published"
    await audit.note(rt, tx, actor, action, f"story:{post.code}", area=post.area)
    return str(values["state"])


async def reject(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, reason: str) -> None:
    """Refuse a story, or take a published one off the wall; the parent reads the reason.

    Raises:
        InvalidInput: it is refused already.
    """
    post = await one(tx, actor, number)
    now = rt.clock.now()
    values = {"state": REJECTED, "decided_by": actor.id, "decided_at": now, "reason": reason}
    await _decide(tx, post, values, also=(PUBLISHED,))
    await audit.note(
        rt, tx, actor, "wall.rejected", f"story:{post.code}", area=post.area, reason=reason
    )


async def _decide(
    tx: AsyncConnection, post: Row[Any], values: dict[str, Any], *, also: tuple[str, ...] = ()
) -> None:
    """Change the state if it is still the one that was looked at."""
    if post.state not in (*OPEN, *also):
        raise InvalidInput("wall.decided")
    same = (posts.c.id == post.id) & (posts.c.state == post.state)
    done = await tx.execute(update(posts).where(same).values(values))
    if done.rowcount != 1:
        raise InvalidInput("wall.decided")


async def badge(visit: Visit) -> int | None:
    """Return how many stories wait."""
    async with visit.rt.db.read() as tx:
        found = await counts(tx, visit.actor)
    return sum(found.get(state, 0) for state in OPEN) or None
