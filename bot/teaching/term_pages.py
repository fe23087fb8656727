"""Term plans for who leads a school: from a template, entry by entry, published, reported."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.calendar import store
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.org.tree import Unit
from bot.teaching import access, dating, modules, planning, term_report, terms
from bot.teaching.access import SCHOOL, TERMS
from bot.teaching.dating import LESSON, ONSITE
from bot.teaching.terms import Item, Plan
from bot.teaching.words import templates, words

_MOST = 10_000_000
_TITLE, _PLACE, _LONG = 40, 80, 240


async def show(visit: Visit) -> web.Response:
    """Show one's plans, and a form that begins one on the calendar's term."""
    async with visit.rt.db.read() as tx:
        term = await terms.proposed(tx, visit.today)
    given = {"title": term.name, "first": str(term.first), "last": str(term.last)} if term else {}
    return await _plans(visit, visit.blank(**given, template=next(iter(templates()))))


async def _plans(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        found = await terms.listed(tx, visit.actor)
        own = await access.places(tx, visit.actor, TERMS, SCHOOL)
    return visit.render(
        "teaching/plans.html", status=status, plans=found, form=form, schools=own,
        names={one.path: one.name for one in own}, templates=templates(),
    )  # fmt: skip


async def begin(visit: Visit) -> web.Response:
    """Begin a plan."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        own = {one.path: one for one in await access.places(tx, visit.actor, TERMS, SCHOOL)}
    area = form.one_of("area", own)
    title, template = form.text("title", most=_TITLE), form.one_of("template", templates())
    first, last = form.day("first"), form.day("last")
    if form and first is not None and last is not None:
        try:
            async with visit.rt.db.write() as tx:
                made = await planning.begin(
                    visit.rt, tx, visit.actor, own[area],
                    title=title, first=first, last=last, template=template,
                )  # fmt: skip
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/terms/{made}", done="terms.begun")
    return await _plans(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def look(visit: Visit) -> web.Response:
    """Show one plan."""
    return await _plan(visit, visit.blank())


async def _plan(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        plan = await terms.one(tx, visit.actor, visit.number("plan"))
        found = await terms.entries(tx, plan.id)
        calendar = await store.load(tx)
        held = await terms.held(tx, found)
        names = await access.labels(tx, [plan.area], visit.today)
    unsure = [one for one in found if not calendar.day(one.day).is_known]
    return visit.render(
        "teaching/plan.html", status=status, plan=plan, items=found, form=form, words=words(),
        held=held, name=names.get(plan.area, plan.area), is_unsure=bool(unsure),
        off={one.id for one in found if one.kind == ONSITE and not dating.fits(calendar, one.day)},
    )  # fmt: skip


async def publish(visit: Visit) -> web.Response:
    """Publish a plan."""
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    try:
        async with visit.rt.db.write() as tx:
            plan = await terms.one(tx, visit.actor, visit.number("plan"))
            await planning.publish(visit.rt, tx, visit.actor, plan, revision=revision)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _plan(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/terms/{plan.id}", done="terms.published")


async def blank(visit: Visit) -> web.Response:
    """Show an empty entry."""
    async with visit.rt.db.read() as tx:
        plan = await terms.one(tx, visit.actor, visit.number("plan"))
    kind = visit.query("kind", LESSON)
    form = visit.blank(
        kind=kind if kind in words().kinds else LESSON, revision=str(plan.revision), minutes="60"
    )
    return await _form(visit, plan, None, form)


async def open_item(visit: Visit) -> web.Response:
    """Show an entry in its form."""
    async with visit.rt.db.read() as tx:
        item, plan = await terms.item(tx, visit.actor, visit.number("item"))
    form = visit.blank(
        kind=item.kind, title=item.title, day=str(item.day), last=str(item.last), clock=item.clock,
        minutes=str(item.minutes or 60), place=item.place, revision=str(plan.revision),
        module=f"{item.course}/{item.lesson}" if item.course else "",
    )  # fmt: skip
    return await _form(visit, plan, item, form)


async def _form(
    visit: Visit, plan: Plan, item: Item | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        suiting = await _suiting(visit, tx, plan)
    return visit.render(
        "teaching/item.html", status=status, plan=plan, item=item, form=form, words=words(),
        modules=suiting,
    )  # fmt: skip


async def _suiting(visit: Visit, tx: object, plan: Plan) -> list[modules.Module]:
    school: Unit = await access.place(tx, visit.actor, TERMS, SCHOOL, plan.area)  # type: ignore[arg-type]
    listed = await modules.published(visit.rt, tx)  # type: ignore[arg-type]
    return modules.suiting(listed, school, plan.first)


async def add(visit: Visit) -> web.Response:
    """Add an entry."""
    async with visit.rt.db.read() as tx:
        plan = await terms.one(tx, visit.actor, visit.number("plan"))
    return await _put(visit, plan, None)


async def change(visit: Visit) -> web.Response:
    """Change an entry; a session is changed where sessions are."""
    async with visit.rt.db.read() as tx:
        item, plan = await terms.item(tx, visit.actor, visit.number("item"))
    if item.session is not None:
        raise InvalidInput("terms.has_session")
    return await _put(visit, plan, item)


async def _put(visit: Visit, plan: Plan, item: Item | None) -> web.Response:
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        known = {one.key: one for one in await _suiting(visit, tx, plan)}
    made = _read(form, plan, item, known)
    revision = form.whole("revision", 1, _MOST)
    if form and made is not None:
        try:
            async with visit.rt.db.write() as tx:
                await planning.put(
                    visit.rt, tx, visit.actor, plan, made, revision=revision,
                    is_sure=form.values.get("sure") == "1",
                )  # fmt: skip
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/terms/{plan.id}", done="terms.saved")
    return await _form(visit, plan, item, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(
    form: Form, plan: Plan, item: Item | None, known: dict[str, modules.Module]
) -> Item | None:
    """Return the entry of a form; its kind never changes."""
    kind = item.kind if item else form.one_of("kind", words().kinds)
    title, day = form.text("title", most=_TITLE), form.day("day")
    is_onsite = kind == ONSITE
    minute = dating.minute_of(form.values.get("clock", "").strip()) if is_onsite else None
    if is_onsite and minute is None:
        form.wrong("clock", "terms.clock")
    minutes = form.whole("minutes", 10, _LONG) if is_onsite else 0
    place = form.text("place", most=_PLACE, needed=False) if is_onsite else ""
    module = known.get(form.one_of("module", known)) if kind == LESSON else None
    last = day if is_onsite else form.day("last")
    if day and not plan.first <= day <= plan.last:
        form.wrong("day", "terms.outside")
    elif day and last and not day <= last <= plan.last:
        form.wrong("last", "terms.backwards")
    if day is None or last is None:
        return None
    course, lesson = (module.course.id, module.lesson.name) if module else ("", "")
    return Item(item.id if item else 0, plan.id, kind, day, last, minute, minutes, title, place,
                course, lesson, item.session if item else None)  # fmt: skip


async def remove(visit: Visit) -> web.Response:
    """Take an entry out."""
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    async with visit.rt.db.write() as tx:
        item, plan = await terms.item(tx, visit.actor, visit.number("item"))
        await planning.remove(visit.rt, tx, visit.actor, plan, item, revision=revision)
    return visit.redirect(f"/terms/{plan.id}", done="terms.removed")


async def report(visit: Visit) -> web.Response:
    """Show the term's report, to be printed or kept as PDF."""
    async with visit.rt.db.read() as tx:
        plan = await terms.one(tx, visit.actor, visit.number("plan"))
        made = await term_report.of(visit.rt, tx, plan)
        names = await access.labels(tx, [plan.area], visit.today)
    return visit.render(
        "teaching/report.html", plan=plan, report=made, name=names.get(plan.area, plan.area)
    )


PAGES: tuple[Page, ...] = (
    get("/terms", TERMS, show),
    post("/terms", TERMS, begin),
    get("/terms/{plan}", TERMS, look),
    post("/terms/{plan}/publish", TERMS, publish),
    get("/terms/{plan}/new", TERMS, blank),
    post("/terms/{plan}/new", TERMS, add),
    get("/terms/{plan}/report", TERMS, report),
    get("/term-items/{item}", TERMS, open_item),
    post("/term-items/{item}", TERMS, change),
    post("/term-items/{item}/remove", TERMS, remove),
)
