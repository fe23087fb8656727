"""What a parent who has logged in sees: the school's term, home visits to choose and give back."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.clock import day
from bot.errors import InvalidInput
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit
from bot.teaching import access, booking, slots, terms
from bot.teaching.booking import CALLED_MAX, SHOWN, TOPICS_MAX
from bot.teaching.households import monday
from bot.teaching.words import words

_VISITS = "/h/visits"
_CODE_MAX = 64
#: A visit that is over is shown so many days.
_PAST = timedelta(days=90)


async def show_terms(visit: Visit) -> web.Response:
    """Show the terms of the schools of one's children."""
    today = day(visit.now)
    async with visit.rt.db.read() as tx:
        own = list((await tx.scalars(booking.classes(visit.person))).all())
        schools = await access.schools_of(tx, own)
        found = await terms.of_schools(tx, {one.path for one in schools.values()}, today)
        held = await terms.held(tx, [item for _, entries in found for item in entries])
    names = {one.path: one.name for one in schools.values()}
    shown = [(plan, _ordered(entries, held)) for plan, entries in found]
    return visit.render(
        "teaching/terms.html", plans=shown, names=names, held=held, today=today,
        has_class=bool(own), words=words(), monday=monday,
    )  # fmt: skip


def _ordered(entries: list[terms.Item], held: dict[int, Any]) -> list[terms.Item]:
    """Return entries by the day they are on now: a session may have been moved."""

    def when(item: terms.Item) -> tuple[Any, int]:
        session = held.get(item.session or 0)
        return (day(session.starts_at) if session else item.day), item.id

    return sorted(entries, key=when)


async def show_visits(visit: Visit) -> web.Response:
    """Show the times that are free, and one's own visits."""
    return await _page(visit, {}, "")


async def _page(
    visit: Visit, given: dict[str, str], fault: str, status: int = HTTPStatus.OK
) -> web.Response:
    today = day(visit.now)
    async with visit.rt.db.read() as tx:
        own = list((await tx.scalars(booking.classes(visit.person))).all())
        mine = (await tx.execute(booking.of(visit.person))).all()
        taken = {row.area for row in mine if row.state == slots.BOOKED}
        wanted = [area for area in own if area not in taken]
        free = (await tx.execute(slots.free(wanted, visit.now, SHOWN))).all()
        names = await access.labels(tx, [*own, *(row.area for row in mine)], today)
    by_class: dict[str, list[Any]] = {}
    for slot in free:
        by_class.setdefault(slot.area, []).append(slot)
    return visit.render(
        "teaching/visits.html", status=status, given=given, fault=fault, names=names,
        mine=[row for row in mine if row.starts_at > visit.now - _PAST], by_class=by_class,
        has_class=bool(own), taken=taken, words=words(), most=TOPICS_MAX, called_most=CALLED_MAX,
        done=visit.request.query.get("done", ""),
    )  # fmt: skip


async def book(visit: Visit) -> web.Response:
    """Take a slot; what is wrong is said above the form, and what was typed stays."""
    form = await visit.form()
    try:
        slot, topics, called = _read(form)
        async with visit.rt.db.write() as tx:
            await booking.book(visit.rt, tx, visit.person, slot, topics, called)
    except InvalidInput as refused:
        return await _page(visit, form, str(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(_VISITS, done="booked")


def _read(form: dict[str, str]) -> tuple[str, list[str], str]:
    """Return slot, topics and how the teacher knows the family.

    Raises:
        InvalidInput: a name of the template's sentences.
    """
    slot = form.get("slot", "")
    if not slot or len(slot) > _CODE_MAX:
        raise InvalidInput("slot")
    topics = [name for name in words().topics if form.get(f"topic-{name}") == "1"]
    if not 1 <= len(topics) <= TOPICS_MAX:
        raise InvalidInput("topics")
    called = " ".join(form.get("called", "").split())
    if not called or len(called) > CALLED_MAX:
        raise InvalidInput("called")
    return slot, topics, called


async def cancel(visit: Visit) -> web.Response:
    """Give a slot back."""
    async with visit.rt.db.write() as tx:
        done = await booking.cancel(tx, visit.person, visit.request.match_info["visit"])
    return visit.redirect(_VISITS, done="cancelled" if done else "")


PAGES: tuple[Page, ...] = (
    get("/school-terms", show_terms, login=True),
    get("/visits", show_visits, login=True),
    post("/visits", book, login=True),
    post("/visits/{visit}/cancel", cancel, login=True),
)
