"""Home visits for the staff: slots opened, who comes, what was agreed; for the district a rate."""

from __future__ import annotations

from datetime import datetime, time
from http import HTTPStatus

from aiohttp import web

from bot.clock import GUANGZHOU
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.teaching import access, booking, dating, rates, records, reminding, slots
from bot.teaching.access import CLASS, RATES, RECORDS, VISITS
from bot.teaching.slots import AT_ONCE, Offer
from bot.teaching.words import words

_PLACE = 80
_MINUTES, _GAP = (10, 120), (0, 60)


async def show(visit: Visit) -> web.Response:
    """Show one's slots of a class, and a form that opens more."""
    return await _page(visit, visit.blank(kind="school", minutes="20", gap="0", count="5"))


async def _page(
    visit: Visit, form: Form, path: str = "", status: int = HTTPStatus.OK
) -> web.Response:  # fmt: skip
    path = path or visit.query("class")
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, VISITS, CLASS)
        if path:
            unit = await access.place(tx, visit.actor, VISITS, CLASS, path)
        elif own:
            unit = own[0]
        else:
            return visit.render("teaching/none.html")
        names = await access.labels(tx, [one.path for one in own] + [unit.path], visit.today)
        since = rates.begins(visit.today)
        found = await slots.listed(tx, visit.actor, unit.path, since, visit.now)
    called = {row.id: booking.called(visit.rt, row) for row in found if row.visit}
    return visit.render(
        "teaching/slots.html", status=status, unit=unit, own=own, names=names, form=form,
        slots=found, called=called, words=words(), most=AT_ONCE,
    )  # fmt: skip


async def offer(visit: Visit) -> web.Response:
    """Open slots."""
    form = await visit.form()
    path = form.values.get("class", "")
    async with visit.rt.db.read() as tx:
        unit = await access.place(tx, visit.actor, VISITS, CLASS, path)
    made = _read(form)
    if made is not None:
        try:
            async with visit.rt.db.write() as tx:
                await slots.offer(visit.rt, tx, visit.actor, unit, made)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect("/visits", **{"class": path}, done="visits.offered")
    return await _page(visit, form, path, HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(form: Form) -> Offer | None:
    kind, day = form.one_of("kind", words().forms), form.day("day")
    minute = dating.minute_of(form.values.get("clock", "").strip())
    if minute is None:
        form.wrong("clock", "terms.clock")
    minutes, gap = form.whole("minutes", *_MINUTES), form.whole("gap", *_GAP)
    count = form.whole("count", 1, AT_ONCE)
    place = form.text("place", most=_PLACE, needed=False)
    if not form or day is None or minute is None:
        return None
    at = datetime.combine(day, time(minute // 60, minute % 60), GUANGZHOU)
    return Offer(kind, at, minutes, gap, count, place)


async def call_off(visit: Visit) -> web.Response:
    """Take a slot back; whoever had taken it is told."""
    number = visit.number("slot")
    async with visit.rt.db.write() as tx:
        area = (await slots.own(tx, visit.actor, number)).area
        taken = await slots.call_off(visit.rt, tx, visit.actor, number)
        if taken is not None:
            await reminding.tell_off(visit.rt, tx, taken)
    done = "visits.called_off" if taken is not None else "visits.removed"
    return visit.redirect("/visits", **{"class": area}, done=done)


async def blank(visit: Visit) -> web.Response:
    """Show the empty form of a record; one that is written is read on its own page."""
    return await _form(visit, visit.blank())


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        slot = await slots.own(tx, visit.actor, visit.number("slot"))
        names = await access.labels(tx, [slot.area], visit.today)
    if slot.visit is None:
        raise NotFound
    return visit.render(
        "teaching/record_form.html", status=status, slot=slot, form=form, words=words(),
        called=booking.called(visit.rt, slot), name=names.get(slot.area, ""),
        most=records.FIELD_MAX,
    )  # fmt: skip


async def write(visit: Visit) -> web.Response:
    """Record what was agreed."""
    form = await visit.form()
    number = visit.number("slot")
    fields = {
        name: form.text(name, most=records.FIELD_MAX, needed=name == "talked")
        for name in words().record
    }
    if not form:
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        slot = await slots.own(tx, visit.actor, number)
        await records.write(visit.rt, tx, visit.actor, number, fields)
    return visit.redirect("/visits", **{"class": slot.area}, done="visits.recorded")


async def miss(visit: Visit) -> web.Response:
    """Note that a visit did not come about."""
    async with visit.rt.db.write() as tx:
        slot = await slots.own(tx, visit.actor, visit.number("slot"))
        await records.missed(visit.rt, tx, visit.actor, visit.number("slot"))
    return visit.redirect("/visits", **{"class": slot.area}, done="visits.missed")


async def read_own(visit: Visit) -> web.Response:
    """Show one's own record; the look is noted."""
    return await _read_record(visit, "/console/visits")


async def read_school(visit: Visit) -> web.Response:
    """Show a record of the school one leads; the look is noted."""
    return await _read_record(visit, "/console/visit-records")


async def _read_record(visit: Visit, back: str) -> web.Response:
    async with visit.rt.db.write() as tx:
        row, fields = await records.read(visit.rt, tx, visit.actor, visit.number("visit"))
        names = await access.labels(tx, [row.area], visit.today)
    return visit.render(
        "teaching/record.html", row=row, fields=fields, words=words(), back=back,
        name=names.get(row.area, ""),
    )  # fmt: skip


async def school(visit: Visit) -> web.Response:
    """Show which visits of one's school are recorded, without a word of them."""
    async with visit.rt.db.read() as tx:
        found = await records.listed(tx, visit.actor)
        names = await access.labels(tx, [row.area for row in found], visit.today)
    return visit.render("teaching/records.html", found=found, names=names, words=words())


async def show_rates(visit: Visit) -> web.Response:
    """Show the rate of each school."""
    async with visit.rt.db.read() as tx:
        found = await rates.by_school(tx, visit.actor, visit.today, visit.now)
    return visit.render("teaching/rates.html", rates=found, begins=rates.begins(visit.today))


PAGES: tuple[Page, ...] = (
    get("/visits", VISITS, show),
    post("/visits", VISITS, offer),
    post("/visit-slots/{slot}/off", VISITS, call_off),
    get("/visit-slots/{slot}/record", VISITS, blank),
    post("/visit-slots/{slot}/record", VISITS, write),
    post("/visit-slots/{slot}/missed", VISITS, miss),
    post("/visits/{visit}/open", VISITS, read_own),
    get("/visit-records", RECORDS, school),
    post("/visit-records/{visit}/open", RECORDS, read_school),
    get("/visit-rates", RATES, show_rates),
)
