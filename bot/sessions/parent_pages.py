"""Sessions for parents: those to come, sign-up and the line, the pass, a file for the calendar."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.console import picture
from bot.errors import NotFound
from bot.h5 import links
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit
from bot.sessions import calendar_file, check_in, doors, queries, rules, seats, words
from bot.sessions.rules import Moment

_DONE = frozenset(("going", "waiting", "left", "pass"))


async def show(visit: Visit) -> web.Response:
    """Show the sessions a parent signed up for, and those that can be joined."""
    async with visit.rt.db.read() as tx:
        mine = (await tx.execute(queries.mine(visit.person, visit.now))).all()
        units = (await tx.scalars(queries.units_of(visit.person))).all()
        found = (await tx.execute(queries.coming(units, visit.now))).all()
    own = {one.id for one in mine}
    coming = [one for one in found if one.id not in own]
    return visit.render(
        "sessions/list.html", mine=mine, coming=coming, has_class=bool(units), when=rules.when,
        kinds=words.kinds(),
    )  # fmt: skip


async def session_of(visit: Visit, tx: AsyncConnection) -> Row[Any]:
    """Return the session of the address, as parents may see it.

    Raises:
        NotFound: there is none, or it is a draft.
    """
    code = visit.request.match_info["code"]
    found: Row[Any] | None = (await tx.execute(queries.by_code(code))).first()
    if found is None:
        raise NotFound
    return found


async def look(visit: Visit) -> web.Response:
    """Show one session, how the parent stands, and what can be done."""
    async with visit.rt.db.read() as tx:
        session = await session_of(visit, tx)
        seat = await seats.of(tx, session.id, visit.person)
        taken = await tx.scalar(seats.taken(session.id)) or 0
        done = (await tx.execute(check_in.done(session.id, visit.person))).first()
        shown = await doors.pass_of(tx, session.id, visit.person, visit.now)
        named = await queries.labels(tx, [session.area], day(visit.now))
    moment = rules.moment(session, visit.now)
    asked = visit.request.query.get("done", "")
    return visit.render(
        "sessions/session.html", session=session, seat=seat, moment=moment.value,
        is_full=bool(session.capacity) and taken >= session.capacity, shown=shown,
        is_there=done is not None, place=named.get(session.area, ""), when=rules.when(session),
        hours=rules.hours(session), kinds=words.kinds(), done=asked if asked in _DONE else "",
        can_join=rules.can_join(session, visit.now), has_code=bool(_door(visit, session, "")),
    )  # fmt: skip


async def join(visit: Visit) -> web.Response:
    """Sign up; where it is full the parent waits."""
    async with visit.rt.db.write() as tx:
        session = await session_of(visit, tx)
        seat = await seats.join(visit.rt, tx, session.id, visit.person)
    return visit.redirect(f"/h/sessions/{session.code}", done=seat.state)


async def leave(visit: Visit) -> web.Response:
    """Give the seat back, or the place in the line."""
    async with visit.rt.db.write() as tx:
        session = await session_of(visit, tx)
        await seats.leave(visit.rt, tx, session.id, visit.person)
    return visit.redirect(f"/h/sessions/{session.code}", done="left")


async def ask_pass(visit: Visit) -> web.Response:
    """Make the code the staff scans, good for ten minutes."""
    async with visit.rt.db.write() as tx:
        session = await session_of(visit, tx)
        if rules.moment(session, visit.now) not in (Moment.EARLY, Moment.OVER):
            await doors.give_pass(visit.rt, tx, session, visit.person)
    return visit.redirect(f"/h/sessions/{session.code}", done="pass")


async def draw_pass(visit: Visit) -> web.Response:
    """Send the picture of the parent's own pass: it leads to the door's page of the console."""
    async with visit.rt.db.read() as tx:
        session = await session_of(visit, tx)
        shown = await doors.pass_of(tx, session.id, visit.person, visit.now)
    address = _door(visit, session, shown.digits) if shown else ""
    if not address:
        raise NotFound
    return await _picture(address)


def _door(visit: Visit, session: Row[Any], digits: str) -> str:
    origin = visit.rt.settings.console_origin.rstrip("/")
    return f"{origin}/console/sessions/{session.id}/door?pass={digits}" if origin else ""


async def draw_follow(visit: Visit) -> web.Response:
    """Send the picture of the code by which the account is followed from this session."""
    async with visit.rt.db.read() as tx:
        session = await session_of(visit, tx)
        url = await doors.poster(tx, session.id, visit.now)
    if not url:
        raise NotFound
    return await _picture(url)


async def _picture(address: str) -> web.Response:
    content = await asyncio.to_thread(picture.png, address)
    return web.Response(body=content, content_type="image/png")


async def calendar(visit: Visit) -> web.Response:
    """Send the session for the phone's own calendar."""
    async with visit.rt.db.read() as tx:
        session = await session_of(visit, tx)
    address = links.page(visit.rt, f"sessions/{session.code}")
    content = calendar_file.made(session, address, visit.now)
    return visit.download(f"{session.code}.ics", content, "text/calendar")


PAGES: tuple[Page, ...] = (
    get("/sessions", show, login=True),
    get("/sessions/{code}", look, login=True),
    get("/sessions/{code}/ics", calendar),
    get("/sessions/{code}/follow", draw_follow),
    get("/sessions/{code}/pass", draw_pass, login=True),
    post("/sessions/{code}/join", join, login=True),
    post("/sessions/{code}/leave", leave, login=True),
    post("/sessions/{code}/pass", ask_pass, login=True),
)
