"""A parent leaves or has everything deleted: bookings, stories, photos, cards made of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.base import Instant
from bot.dialogue.turn import Turn
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime
from bot.week import talks, wall
from bot.week.tables import bookings
from bot.week.tables import talks as talk_rows
from bot.week.wall_tables import agreements, cards, packs, photos, posts

_OWN = "week"
_TEXTS = ("who", "what", "result", "evidence", "brief", "full")
_now = bindparam("at", type_=Instant())


def _recalls(which: Any) -> tuple[tuple[Any, bool], ...]:
    """Return the statements that end the cards made of some stories; and which take `at`."""
    mine = select(cards.c.id).where(which)
    packed = packs.c.card.in_(mine) & packs.c.recalled_at.is_(None)
    agreed = agreements.c.card.in_(mine) & agreements.c.withdrawn_at.is_(None)
    empty: dict[str, Any] = dict.fromkeys(_TEXTS, literal_column("''"))
    nobody: dict[str, Any] = {"name": literal_column("''"), "proof": literal_column("''")}
    return tuple(
        (statement.execution_options(last=True), takes_at)
        for statement, takes_at in (
            (update(packs).where(packed).values(recalled_at=_now), True),
            (update(agreements).where(agreed).values(withdrawn_at=_now, **nobody), True),
            (update(photos).where(photos.c.card.in_(mine)).values(card=literal_column("0")), False),
            (update(cards).where(which).values(**empty, post=null()), False),
        )
    )


def _own_posts() -> Select[Any]:
    own = (posts.c.account == bindparam("owner")) & (posts.c.openid == bindparam("parent"))
    return select(posts.c.id).where(own)


_RECALLS = _recalls(cards.c.post == bindparam("which"))
_FORGET_CARDS = _recalls(cards.c.post.in_(_own_posts()))
_let_go = (
    update(photos)
    .where(photos.c.post.in_(_own_posts()))
    .values(post=literal_column("0"))
    .execution_options(last=True)
)
_remove = delete(posts).where(
    posts.c.account == bindparam("owner"), posts.c.openid == bindparam("parent")
)


def recall(turn: Turn, post: int) -> None:
    """Note that the cards made of a story end."""
    for statement, takes_at in _RECALLS:
        turn.write(statement, {"which": post} | ({"at": turn.now} if takes_at else {}))


def erase(turn: Turn) -> None:
    """Note the deletion of everything the week keeps of this parent; files go with the job."""
    mine = {"owner": turn.message.account, "parent": turn.message.openid}
    turn.write(talks.forget, mine)
    for statement, takes_at in _FORGET_CARDS:
        turn.write(statement, mine | {"at": turn.now} if takes_at else mine)
    turn.write(_let_go, mine)
    turn.write(_remove, mine)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's bookings and stories."""
    del rt
    mine = (bookings.c.account == person[0]) & (bookings.c.openid == person[1])
    booked = await tx.execute(
        select(bookings.c.at, talk_rows.c.title, talk_rows.c.starts_at)
        .join(talk_rows, talk_rows.c.id == bookings.c.talk)
        .where(mine)
        .order_by(bookings.c.at)
    )
    count = (
        select(func.count()).where(photos.c.post == posts.c.id).correlate(posts).scalar_subquery()
    )
    told = await tx.execute(
        select(posts, count.label("photos")).where(wall.of(person)).order_by(posts.c.id)
    )
    return (
        kept(_OWN, "bookings", (tuple(row) for row in booked), days=30),
        kept(
            _OWN,
            "stories",
            (
                (
                    r.sent_at,
                    r.title,
                    r.story,
                    r.name,
                    r.photos,
                    word(_OWN, "state", r.state),
                    r.consent,
                    r.reason,
                )
                for r in told
            ),
        ),
    )
