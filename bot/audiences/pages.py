"""Saved audiences for the staff: list, form with a count, versions."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.audiences import actions, counting, places, reading
from bot.audiences.counting import Told
from bot.audiences.reading import Choices, Wanted
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people import audience_saved
from bot.people.audience_saved import EDIT, READ, Saved
from bot.people.audience_shape import ROLES, STAGES

_MOST = 1_000_000


async def show(visit: Visit) -> web.Response:
    """Show the audiences one may use."""
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await audience_saved.count(tx, visit.actor))
        rows = await audience_saved.listed(tx, visit.actor, offset=page.offset, limit=page.size)
        names = await _names(visit, tx, rows)
    return visit.render(
        "audiences/list.html", rows=rows, page=page, names=names,
        grades=dict(reading.grade_names()), can_edit=visit.may(EDIT),
    )  # fmt: skip


async def blank(visit: Visit) -> web.Response:
    """Show an empty form; `area` of the address names a place."""
    return await _form(visit, None, visit.blank(named=visit.query("area")))


async def look(visit: Visit) -> web.Response:
    """Show one audience in its form, or as one of its versions was."""
    number = visit.number("audience")
    async with visit.rt.db.read() as tx:
        kept = await audience_saved.history(tx, visit.actor, number)
        offered = await _choices(visit, tx, number)
    wanted = visit.query("version")
    at = next((one for one in kept if str(one.number) == wanted), kept[0] if not wanted else None)
    if at is None:
        raise NotFound
    ticked, texts = reading.values(at, offered.areas)
    form = visit.blank(ticked, **texts, version=str(kept[0].number))
    return await _form(visit, kept[0], form)


async def save(visit: Visit) -> web.Response:
    """Save a new audience, or only count."""
    return await _taken(visit, None)


async def change(visit: Visit) -> web.Response:
    """Save a new version, or only count; who was slower sees it and loses nothing typed."""
    async with visit.rt.db.read() as tx:
        saved = await audience_saved.use(tx, visit.actor, visit.number("audience"), EDIT)
    return await _taken(visit, saved)


async def _taken(visit: Visit, saved: Saved | None) -> web.Response:
    form = await visit.form()
    is_count = form.values.get("do") == "count"
    async with visit.rt.db.read() as tx:
        offered = await _choices(visit, tx, saved.id if saved else None)
        wanted = await reading.read(tx, visit.actor, form, offered, needs_name=not is_count)
    if wanted is not None:
        try:
            if is_count:
                return await _form(visit, saved, form, told=await _told(visit, form, wanted))
            return await _kept(visit, saved, form, wanted)
        except NotAllowed:
            form.wrong("areas", "audiences.outside")
        except InvalidInput as refused:
            form.refuse(refused)
    return await _form(visit, saved, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _told(visit: Visit, form: Form, wanted: Wanted) -> Told:
    audience, _ = actions.narrowed(visit.actor, wanted.audience)
    async with visit.rt.db.read() as tx:
        in_parts = bool(form.values.get("parts"))
        return await counting.tell(visit.rt, tx, audience, wanted.kind, in_parts=in_parts)


async def _kept(visit: Visit, saved: Saved | None, form: Form, wanted: Wanted) -> web.Response:
    async with visit.rt.db.write() as tx:
        if saved is None:
            number = await actions.add(visit.rt, tx, visit.actor, wanted)
        else:
            number, seen = saved.id, form.whole("version", 1, _MOST)
            await actions.change(visit.rt, tx, visit.actor, saved, wanted, seen)
    return visit.redirect(f"/audiences/{number}", done="audiences.saved")


async def _form(
    visit: Visit,
    saved: Saved | None,
    form: Form,
    status: int = HTTPStatus.OK,
    *,
    told: Told | None = None,
) -> web.Response:
    async with visit.rt.db.read() as tx:
        offered = await _choices(visit, tx, saved.id if saved else None)
        kept = await audience_saved.history(tx, visit.actor, saved.id) if saved else []
        names = await _names(visit, tx, kept)
        found = [glimpse.district for glimpse in told.sample] if told else []
        districts = await places.labels(tx, found, visit.today)
    can_edit = visit.may(EDIT, saved.area if saved else None, audience_saved.NO_TOPIC)
    return visit.render(
        "audiences/audience.html", status=status, saved=saved, form=form, offered=offered,
        told=told, kept=kept, names=names, districts=districts, can_edit=can_edit,
        stages=STAGES, roles=ROLES, kinds=reading.KINDS, grades=dict(offered.grades),
    )  # fmt: skip


async def _choices(visit: Visit, tx: object, but: int | None) -> Choices:
    city = visit.text("audiences.city")
    return await reading.choices(tx, visit.actor, visit.rt.audiences, city, but)  # type: ignore[arg-type]


async def _names(visit: Visit, tx: object, rows: list[Saved]) -> dict[str, str]:
    """Return the names of the places that definitions speak of."""
    whole = [one for s in rows for one in (s.audience, *s.audience.excluding)]
    paths = {area for audience in whole for area in audience.areas}
    return await places.labels(tx, paths, visit.today)  # type: ignore[arg-type]


async def archive(visit: Visit) -> web.Response:
    """Put an audience away."""
    async with visit.rt.db.write() as tx:
        saved = await audience_saved.use(tx, visit.actor, visit.number("audience"), EDIT)
        await actions.archive(visit.rt, tx, visit.actor, saved)
    return visit.redirect("/audiences", done="audiences.archived")


PAGES: tuple[Page, ...] = (
    get("/audiences", READ, show),
    get("/audiences/new", EDIT, blank),
    post("/audiences/new", EDIT, save),
    get("/audiences/{audience}", READ, look),
    post("/audiences/{audience}", EDIT, change),
    post("/audiences/{audience}/archive", EDIT, archive),
)
