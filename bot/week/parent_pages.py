"""What a parent who has logged in does: books a talk, sends a story, takes either back."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.clock import day
from bot.errors import InvalidInput, NotFound
from bot.h5 import privacy, sdk
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit
from bot.people.families import guardians
from bot.people.followers import followers
from bot.week import access, landing_pages, photos, plans, talks, wall, watching
from bot.week.wall_tables import posts

_STORIES, _NEW = "/week/story", "/week/story/new"
_TITLE, _STORY, _NAME = 40, 500, 20
_ID_CHARS = 18


async def show_talk(visit: Visit) -> web.Response:
    """Show a talk, and whether it is booked."""
    number = _number(visit)
    async with visit.rt.db.read() as tx:
        talk = await talks.public(tx, number)
        is_booked = await talks.is_booked(tx, number, visit.person)
        can_remind = await _is_reachable(visit, tx)
        is_watched = await watching.is_noted(tx, talk, visit.person)
    return visit.render(
        "week/talk.html", talk=talk, is_booked=is_booked, can_remind=can_remind,
        is_on=talk.starts_at <= visit.now, is_over=talk.starts_at + talks.LASTS <= visit.now,
        is_lesson=watching.is_lesson(talk, visit.now), is_watched=is_watched,
        done=visit.request.query.get("done", ""), notice=visit.rt.settings.live_notice,
        script=sdk.SCRIPT,
    )  # fmt: skip


async def _is_reachable(visit: Visit, tx: Any) -> bool:
    """Say whether a reminder can reach the parent: follows, and has agreed to the service."""
    account, openid = visit.person
    mine = (guardians.c.account == account) & (guardians.c.openid == openid)
    theirs = (followers.c.account == account) & (followers.c.openid == openid)
    found = select(followers.c.follows).where(theirs, select(guardians.c.role).where(mine).exists())
    return bool(await tx.scalar(found))


async def book(visit: Visit) -> web.Response:
    """Book a talk that is still to come; a second time changes nothing."""
    number = _number(visit)
    async with visit.rt.db.write() as tx:
        talk = await talks.public(tx, number)
        if talk.state != talks.OPEN or talk.starts_at <= visit.now:
            raise InvalidInput("the talk cannot be booked any more")
        account, openid = visit.person
        row = {"talk": number, "account": account, "openid": openid, "at": visit.now}
        await tx.execute(talks.book(is_sqlite=visit.rt.db.is_sqlite), row)
    return visit.redirect(f"/h/week/talks/{number}", done="booked")


async def unbook(visit: Visit) -> web.Response:
    """Take a booking back."""
    number, (account, openid) = _number(visit), visit.person
    async with visit.rt.db.write() as tx:
        await tx.execute(talks.unbook, {"which": number, "owner": account, "parent": openid})
    return visit.redirect(f"/h/week/talks/{number}", done="unbooked")


async def watched(visit: Visit) -> web.Response:
    """Note that the replay was watched to its end, as the parent says; once."""
    number = _number(visit)
    async with visit.rt.db.write() as tx:
        talk = await talks.public(tx, number)
        await watching.note(visit.rt, tx, talk, visit.person)
    return visit.redirect(f"/h/week/talks/{number}", done="watched")


def _number(visit: Visit) -> int:
    text = visit.request.match_info["talk"]
    if not (text.isascii() and text.isdigit()) or len(text) > _ID_CHARS:
        raise NotFound
    return int(text)


async def mine(visit: Visit) -> web.Response:
    """Show one's own stories and how they stand."""
    async with visit.rt.db.read() as tx:
        wanted = select(posts).where(wall.of(visit.person)).order_by(posts.c.id.desc())
        found = (await tx.execute(wanted)).all()
        pictures = await wall.pictures(tx, [row.id for row in found])
    done = visit.request.query.get("done", "")
    return visit.render("week/mine.html", stories=found, pictures=pictures, done=done)


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return await _form(visit, {}, "")


async def _form(
    visit: Visit, given: dict[str, str], fault: str, status: int = HTTPStatus.OK
) -> web.Response:
    today = day(visit.now)
    async with visit.rt.db.read() as tx:
        found, _ = await plans.shown(tx, landing_pages.chosen(today).year)
        places = await access.every(tx)
    return visit.render(
        "week/new_story.html", status=status, given=given, fault=fault, is_open=bool(found),
        places=[p for p in places if p[0] != access.CITY], version=privacy.version(),
        most={"title": _TITLE, "story": _STORY, "name": _NAME, "photos": photos.COUNT_MAX},
    )  # fmt: skip


async def send(visit: Visit) -> web.Response:
    """Take a story; what is wrong with it is said above the form, and what was typed stays."""
    form = await visit.form()
    sent = await visit.files("photos")
    try:
        story = await _read(visit, form, sent)
        year = landing_pages.chosen(day(visit.now)).year
        await wall.send(visit.rt, visit.person, year, story)
    except InvalidInput as refused:
        return await _form(visit, form, str(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/h{_STORIES}", done="sent")


async def _read(visit: Visit, form: dict[str, str], sent: list[bytes]) -> wall.Story:
    """Return the story of a form.

    Raises:
        InvalidInput: a name of the template's sentences.
    """
    async with visit.rt.db.read() as tx:
        found, _ = await plans.shown(tx, landing_pages.chosen(day(visit.now)).year)
        known = dict(await access.every(tx))
    if not found:
        raise InvalidInput("closed")
    texts = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in ("title", "story")}
    name = form.get("name", "").strip() if form.get("as") == "name" else ""
    for text, most, fault in (
        (texts["title"], _TITLE, "title"), (texts["story"], _STORY, "story"), (name, _NAME, "name")
    ):  # fmt: skip
        if len(text) > most or (not text and (fault != "name" or form.get("as") == "name")):
            raise InvalidInput(fault)
    if form.get("agree") != privacy.version():
        raise InvalidInput("agree")
    area = form.get("area", "") or access.CITY
    if area not in known:
        raise InvalidInput("area")
    drawn = await photos.drawn(visit.rt, sent)
    return wall.Story(texts["title"], texts["story"], name, area, privacy.version(), drawn)


async def withdraw(visit: Visit) -> web.Response:
    """Take a story back: off the wall and deleted, at once."""
    await wall.withdraw(visit.rt, visit.person, visit.request.match_info["story"])
    return visit.redirect(f"/h{_STORIES}", done="withdrawn")


async def show_own_photo(visit: Visit) -> web.Response:
    """Send a picture of one's own story, published or not."""
    name = visit.request.match_info["photo"]
    async with visit.rt.db.read() as tx:
        is_own = await wall.is_own(tx, name, visit.person)
    content = await asyncio.to_thread(photos.read, visit.rt, name) if is_own else None
    if content is None:
        raise NotFound
    return web.Response(body=content, content_type="image/jpeg")


PAGES: tuple[Page, ...] = (
    get("/week/talks/{talk}", show_talk, login=True, sdk=True),
    post("/week/talks/{talk}/book", book, login=True),
    post("/week/talks/{talk}/unbook", unbook, login=True),
    post("/week/talks/{talk}/watched", watched, login=True),
    get(_STORIES, mine, login=True),
    get(_NEW, blank, login=True),
    post(_NEW, send, login=True, body_bytes=photos.FORM_BYTES),
    post(f"{_STORIES}/{{story}}/withdraw", withdraw, login=True),
    get("/week/own/{photo}", show_own_photo, login=True),
)
