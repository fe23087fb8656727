"""Plans for the staff: last year's on new dates, day by day, what the pushes cost, frozen."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot import week_dates
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.week import access, planning, plans
from bot.week.access import EDIT, READ
from bot.week.plans import FIRST_DAY, LAST_DAY, Item, Plan
from bot.week.words import words

_MINUTES = 60 * 24
_MOST = 10_000_000


async def show(visit: Visit) -> web.Response:
    """Show the plans, and a form that begins one."""
    return await _plans(visit, visit.blank(year=str(week_dates.nearest(visit.today).year)))


async def _plans(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        found = await plans.listed(tx, visit.actor)
        own = await access.places(tx, visit.actor, EDIT)
        names = dict(await access.every(tx))
    coming = week_dates.nearest(visit.today)
    return visit.render(
        "week/plans.html", status=status, plans=found, form=form, places=own, names=names,
        coming=coming, years=[coming.year, coming.year + 1],
    )  # fmt: skip


async def begin(visit: Visit) -> web.Response:
    """Begin a plan."""
    form = await visit.form()
    year = form.whole("year", week_dates.FIRST, week_dates.LAST)
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    area = form.one_of("area", [path for path, _ in own])
    if form:
        try:
            async with visit.rt.db.write() as tx:
                made = await planning.begin(visit.rt, tx, visit.actor, year, area)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/week/plans/{made}", done="week.begun")
    return await _plans(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def look(visit: Visit) -> web.Response:
    """Show one plan."""
    return await _plan(visit, visit.blank())


async def _plan(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        plan = await plans.one(tx, visit.actor, visit.number("plan"))
        entries = await plans.entries(tx, plan.id)
        worries = await planning.worries_of(visit.rt, tx, plan, entries)
        waiting = await plans.waiting_texts(tx, plan.id)
        names = dict(await access.every(tx))
        quiz = await plans.quiz(tx, plan.id)
    may_edit = visit.may(EDIT, plan.area, access.NO_TOPIC)
    return visit.render(
        "week/plan.html", status=status, plan=plan, days=plans.by_day(entries), worries=worries,
        waiting=waiting, names=names, form=form, words=words(), may_edit=may_edit,
        quiz={day: sum(q.day == day for q in quiz) for day in range(plans.DAYS)},
        is_owned=visit.may(READ, plan.area, access.NO_TOPIC),
        drafts=sum(1 for i in entries if i.about), pushes=sum(i.kind == "push" for i in entries),
    )  # fmt: skip


async def freeze(visit: Visit) -> web.Response:
    """Freeze a plan."""
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    try:
        async with visit.rt.db.write() as tx:
            plan = await plans.one(tx, visit.actor, visit.number("plan"), EDIT)
            await planning.freeze(visit.rt, tx, visit.actor, plan, revision=revision)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _plan(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/week/plans/{plan.id}", done="week.frozen")


async def blank(visit: Visit) -> web.Response:
    """Show an empty entry."""
    async with visit.rt.db.read() as tx:
        plan = await plans.one(tx, visit.actor, visit.number("plan"), EDIT)
    form = visit.blank(day=visit.query("day", "0"), kind="theme", revision=str(plan.revision))
    return _form(visit, plan, None, form)


async def open_item(visit: Visit) -> web.Response:
    """Show an entry in its form."""
    async with visit.rt.db.read() as tx:
        item, plan = await plans.item(tx, visit.actor, visit.number("item"), EDIT)
    form = visit.blank(
        day=str(item.day), clock=item.clock, kind=item.kind, title=item.title, text=item.text,
        theme=item.theme, channel=item.channel, revision=str(plan.revision),
    )  # fmt: skip
    return _form(visit, plan, item, form)


def _form(
    visit: Visit, plan: Plan, item: Item | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    days = [(str(d), d) for d in range(FIRST_DAY, LAST_DAY + 1)]
    return visit.render(
        "week/item.html", status=status, plan=plan, item=item, form=form, words=words(), days=days
    )


async def add(visit: Visit) -> web.Response:
    """Add an entry."""
    async with visit.rt.db.read() as tx:
        plan = await plans.one(tx, visit.actor, visit.number("plan"), EDIT)
    return await _put(visit, plan, None)


async def change(visit: Visit) -> web.Response:
    """Change an entry; of a frozen plan ask a second person for the text."""
    async with visit.rt.db.read() as tx:
        item, plan = await plans.item(tx, visit.actor, visit.number("item"), EDIT)
    return await _put(visit, plan, item)


async def _put(visit: Visit, plan: Plan, item: Item | None) -> web.Response:
    form = await visit.form()
    made = _read(form, plan, item)
    revision = 0 if plan.is_frozen else form.whole("revision", 1, _MOST)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                if plan.is_frozen and item is not None:
                    await planning.ask_text(
                        visit.rt, tx, visit.actor, plan, item, title=made.title, text=made.text
                    )
                    return visit.redirect(f"/week/plans/{plan.id}", done="week.text_asked")
                await planning.put(visit.rt, tx, visit.actor, plan, made, revision=revision)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/week/plans/{plan.id}", done="week.saved")
    return _form(visit, plan, item, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(form: Form, plan: Plan, item: Item | None) -> Item:
    """Return the entry of a form; a frozen one keeps all but its texts."""
    title, text = form.text("title", most=60), form.text("text", most=600, needed=False)
    if plan.is_frozen and item is not None:
        return Item(item.id, plan.id, item.day, item.minute, item.kind, title, text,
                    item.theme, item.channel, item.about)  # fmt: skip
    day = form.one_of("day", [str(d) for d in range(FIRST_DAY, LAST_DAY + 1)])
    kind = form.one_of("kind", words().kinds)
    is_push = kind == "push"
    channel = form.one_of("channel", words().channels) if is_push else ""
    minute = _minute(form, needed=is_push)
    theme = form.text("theme", most=40, needed=False)
    number = int(day) if "day" not in form.errors else 0
    return Item(item.id if item else 0, plan.id, number, minute, kind, title, text, theme,
                channel, "")  # fmt: skip


def _minute(form: Form, *, needed: bool) -> int | None:
    """Return the minute of the day of a time like 19:30; empty: all day."""
    text = form.values.get("clock", "").strip()
    if not text and not needed:
        return None
    hours, _, minutes = text.partition(":")
    if all(p.isascii() and p.isdigit() and len(p) <= 2 for p in (hours, minutes)):  # noqa: PLR2004
        found = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and found < _MINUTES:  # noqa: PLR2004
            return found
    form.wrong("clock", "week.clock")
    return None


async def remove(visit: Visit) -> web.Response:
    """Take an entry out of a draft."""
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    async with visit.rt.db.write() as tx:
        item, plan = await plans.item(tx, visit.actor, visit.number("item"), EDIT)
        await planning.remove(visit.rt, tx, visit.actor, plan, item, revision=revision)
    return visit.redirect(f"/week/plans/{plan.id}", done="week.removed")


async def decide(visit: Visit) -> web.Response:
    """Take or drop a text that waits."""
    form = await visit.form()
    take = form.one_of("verdict", ("take", "drop")) == "take"
    if not form:
        raise InvalidInput("form.choose")
    async with visit.rt.db.write() as tx:
        plan = await planning.decide_text(
            visit.rt, tx, visit.actor, visit.number("text"), take=take
        )
    done = "week.text_taken" if take else "week.text_dropped"
    return visit.redirect(f"/week/plans/{plan}", done=done)


PAGES: tuple[Page, ...] = (
    get("/week", READ, show),
    post("/week", EDIT, begin),
    get("/week/plans/{plan}", READ, look),
    post("/week/plans/{plan}/freeze", EDIT, freeze),
    get("/week/plans/{plan}/new", EDIT, blank),
    post("/week/plans/{plan}/new", EDIT, add),
    get("/week/items/{item}", EDIT, open_item),
    post("/week/items/{item}", EDIT, change),
    post("/week/items/{item}/remove", EDIT, remove),
    post("/week/texts/{text}", EDIT, decide),
)
