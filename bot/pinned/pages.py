"""Pinned answers for the staff: list, form, approval, withdrawal."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotAllowed
from bot.library import pins as library
from bot.library import wording
from bot.org import tree
from bot.pinned import actions, checks, queries, reading, surge_queries
from bot.pinned.actions import APPROVE
from bot.pinned.queries import Pinned
from bot.pinned.states import State
from bot.pinned.surge_queries import EDIT, READ

_TABS = (State.LIVE, State.DRAFT, State.OVER)
_MOST = 1_000_000


async def show(visit: Visit) -> web.Response:
    """Show the pinned answers of one's places."""
    asked = visit.query("state", State.LIVE)
    state = State(asked) if asked in _TABS else State.LIVE
    async with visit.rt.db.read() as tx:
        counts = {s: await queries.count(tx, visit.actor, s, visit.now) for s in _TABS}
        page = Pager.of(visit, counts[state])
        rows = await queries.listed(
            tx, visit.actor, state, visit.now, offset=page.offset, limit=page.size
        )
        places = await tree.named(tx, [p.row.area for p in rows])
    return visit.render(
        "pinned/list.html", rows=rows, page=page, counts=counts, state=state, tabs=_TABS,
        places={path: unit.label(visit.today) for path, unit in places.items()},
    )  # fmt: skip


async def blank(visit: Visit) -> web.Response:
    """Show an empty form; `surge` of the address is what it is to answer."""
    number = visit.whole("surge", 0) if visit.query("surge") else 0
    area, topic, wordings = visit.query("area"), "", list[str]()
    if number:
        async with visit.rt.db.read() as tx:
            row = await surge_queries.one(tx, visit.actor, number)
            wordings = (await surge_queries.wordings(tx, [row]))[row.id]
        area, topic = row.area, row.topic
    values = reading.blank(visit, area=area, topic=topic, wordings=wordings)
    return await _form(visit, None, visit.blank(**values, surge=str(number or "")))


async def add(visit: Visit) -> web.Response:
    """Save a new draft."""
    form = await visit.form()
    typed = form.values.get("surge", "")
    surge = form.whole("surge", 1, 10**8) if typed else None
    async with visit.rt.db.read() as tx:
        offered = await reading.choices(tx, visit)
    wanted = reading.read(form, offered, visit.today, surge)
    if wanted is not None:
        try:
            async with visit.rt.db.write() as tx:
                number = await actions.create(visit.rt, tx, visit.actor, wanted)
        except NotAllowed:
            form.wrong("area", "pinned.outside")
        else:
            return visit.redirect(f"/pinned/{number}", done="pinned.saved")
    return await _form(visit, None, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def look(visit: Visit) -> web.Response:
    """Show one: its form while it is a draft, and how parents read it."""
    async with visit.rt.db.read() as tx:
        pinned = await queries.one(tx, visit.actor, visit.number("pin"))
    return await _form(visit, pinned, visit.blank(**reading.values(pinned)))


async def change(visit: Visit) -> web.Response:
    """Save a draft again."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        pinned = await queries.one(tx, visit.actor, visit.number("pin"), EDIT)
        offered = await reading.choices(tx, visit)
    wanted = reading.read(form, offered, visit.today, pinned.row.surge)
    if wanted is not None:
        try:
            on = form.whole("revision", 1, _MOST)
            async with visit.rt.db.write() as tx:
                await actions.save(visit.rt, tx, visit.actor, pinned.row.id, wanted, on)
            return visit.redirect(f"/pinned/{pinned.row.id}", done="pinned.saved")
        except NotAllowed:
            form.wrong("area", "pinned.outside")
        except InvalidInput as refused:
            form.refuse(refused)
    return await _form(visit, pinned, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def approve(visit: Visit) -> web.Response:
    """Let parents have it, as another person than those who wrote it."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        pinned = await queries.one(tx, visit.actor, visit.number("pin"), APPROVE)
    on = form.whole("revision", 1, _MOST)
    if not form:
        return await _form(visit, pinned, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        async with visit.rt.db.write() as tx:
            await actions.approve(visit.rt, tx, visit.actor, pinned.row.id, on)
    except (InvalidInput, NotAllowed) as refused:
        return await _refused(visit, pinned, refused)
    return visit.redirect(f"/pinned/{pinned.row.id}", done="pinned.approved")


async def withdraw(visit: Visit) -> web.Response:
    """Take it back."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        pinned = await queries.one(tx, visit.actor, visit.number("pin"), EDIT)
    note = form.text("note", most=actions.NOTE_MAX)
    if not form:
        kept = visit.blank(**reading.values(pinned))
        kept.errors = form.errors
        return await _form(visit, pinned, kept, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        async with visit.rt.db.write() as tx:
            await actions.withdraw(visit.rt, tx, visit.actor, pinned.row.id, note)
    except InvalidInput as refused:
        return await _refused(visit, pinned, refused)
    return visit.redirect(f"/pinned/{pinned.row.id}", done="pinned.withdrawn")


async def _refused(
    visit: Visit, pinned: Pinned, refused: InvalidInput | NotAllowed
) -> web.Response:
    form = visit.blank(**reading.values(pinned))
    form.refuse(str(refused))
    return await _form(visit, pinned, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _form(
    visit: Visit, pinned: Pinned | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        offered = await reading.choices(tx, visit)
        places = await tree.named(tx, [pinned.row.area] if pinned else [])
    state = pinned.state_at(visit.now) if pinned else State.DRAFT
    row = pinned.row if pinned else None
    is_mine = pinned is not None and visit.actor.id in pinned.authors
    return visit.render(
        "pinned/pin.html", status=status, form=form, pinned=pinned, state=state, offered=offered,
        problems=checks.problems(pinned.entry) if pinned else [],
        place=next((u.label(visit.today) for u in places.values()), visit.text("pinned.city")),
        phone=_phone(visit, pinned) if pinned else [],
        can_edit=state is State.DRAFT and visit.may(EDIT, *_where(row)),
        can_withdraw=row is not None
        and state in (State.DRAFT, State.LIVE)
        and visit.may(EDIT, *_where(row)),
        can_approve=row is not None and not is_mine and visit.may(APPROVE, *_where(row)),
        is_mine=is_mine, most_hours=library.numbers()["most_hours"],
    )  # fmt: skip


def _where(row: object) -> tuple[str, str] | tuple[()]:
    return (row.area, row.topic) if row is not None else ()  # type: ignore[attr-defined]


def _phone(visit: Visit, pinned: Pinned) -> list[dict[str, str]]:
    """Return the talk a parent of the place has about it."""
    ready = wording.ready(visit.rt, pinned.entry)
    text = "\n".join([ready.head.replace(wording.ID, "········"), ready.feedback])
    return [
        {"side": "parent", "text": pinned.entry.question},
        {"side": "account", "text": text},
    ]


PAGES: tuple[Page, ...] = (
    get("/pinned", READ, show),
    get("/pinned/new", EDIT, blank),
    post("/pinned/new", EDIT, add),
    get("/pinned/{pin}", READ, look),
    post("/pinned/{pin}", EDIT, change),
    post("/pinned/{pin}/approve", APPROVE, approve),
    post("/pinned/{pin}/withdraw", EDIT, withdraw),
)
