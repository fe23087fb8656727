"""The gate: the rotating code opens this page, and whoever it knows is signed in (P6).

The page is shown by GET and notes the check-in: the code is scanned in a crowd, one-handed, and a
button more is a tap more. It is safe to load again; its token is good for two minutes, and nobody
is signed in but by their own phone's login.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.h5.page import Page, get
from bot.h5.visit import Visit
from bot.people.followers import followers
from bot.sessions import cards, check_in, doors, gate_token, rules
from bot.sessions.parent_pages import session_of
from bot.sessions.rules import Moment

DONE, AGAIN, EXPIRED, CANCELLED = "done", "again", "expired", "cancelled"


async def enter(visit: Visit) -> web.Response:
    """Sign the parent in and show the card; say so where it was done before or is too late."""
    token = visit.request.match_info["token"]
    async with visit.rt.db.write() as tx:
        session = await session_of(visit, tx)
        came = _refused(session, token, visit)
        known = (await tx.execute(check_in.done(session.id, visit.person))).first()
        if known is not None:
            came = AGAIN
        elif not came:
            await check_in.note(visit.rt, tx, session, visit.person, check_in.CODE)
            came = DONE
        card = await cards.read(visit.rt, tx, session) if came in (DONE, AGAIN) else None
        follows = await _follows(visit, tx)
        can_follow = bool(await doors.poster(tx, session.id, visit.now))
    return visit.render(
        "sessions/gate.html", session=session, came=came, card=card, hours=rules.hours(session),
        is_late=rules.is_late(session, visit.now), follows=follows, can_follow=can_follow,
        when=rules.when(session),
    )  # fmt: skip


def _refused(session: Row[Any], token: str, visit: Visit) -> str:
    """Return why nobody is signed in now; empty: they are."""
    if session.state == rules.CANCELLED:
        return CANCELLED
    moment = rules.moment(session, visit.now)
    if moment in (Moment.EARLY, Moment.OVER):
        return moment.value
    return "" if gate_token.is_good(session.secret, token, visit.now) else EXPIRED


async def _follows(visit: Visit, tx: AsyncConnection) -> bool:
    theirs = (followers.c.account == visit.person[0]) & (followers.c.openid == visit.person[1])
    return bool(await tx.scalar(select(followers.c.follows).where(theirs)))


PAGES: tuple[Page, ...] = (get("/gate/{code}/{token}", enter, login=True),)
