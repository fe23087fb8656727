"""My account: my password, my second factor, and where I am logged in."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from sqlalchemy import select

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import STAFF, Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.people import passwords, second_factor, sessions, staff
from bot.people.tables import sessions as rows


async def show(visit: Visit) -> web.Response:
    """Show the account."""
    return await _page(visit, visit.blank())


async def change_password(visit: Visit) -> web.Response:
    """Take a new password against the old one; every other session ends."""
    form = await visit.form()
    old, new = form.raw("old"), form.raw("password")
    async with visit.rt.db.read() as tx:
        account = await staff.account(tx, visit.actor.id)
    try:
        passwords.check(new, account.login, account.name)
    except InvalidInput as refused:
        form.refuse(refused, "password")
    if new != form.raw("again"):
        form.wrong("again", "password.differs")
    if not await passwords.is_right(account.password, old):
        form.wrong("old", "password.old_wrong")
    if not form:
        return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    kept = await passwords.hashed(new)
    agent = visit.request.headers.get("User-Agent", "")
    async with visit.rt.db.write() as tx:
        await staff.set_password(tx, account.id, kept)
        visit.new_key = await sessions.start(tx, account.id, full=True, agent=agent, now=visit.now)
        await audit.note(visit.rt, tx, visit.actor, "password.changed")
    return visit.redirect("/me", done="password.changed")


async def end_session(visit: Visit) -> web.Response:
    """End one of my sessions."""
    async with visit.rt.db.write() as tx:
        await sessions.end_by_id(tx, visit.actor.id, visit.part("session"))
        await audit.note(visit.rt, tx, visit.actor, "session.ended")
    return visit.redirect("/me", done="session.ended")


async def end_others(visit: Visit) -> web.Response:
    """End all my sessions but this one."""
    assert visit.session is not None
    async with visit.rt.db.write() as tx:
        await sessions.end_others(tx, visit.session)
        await audit.note(visit.rt, tx, visit.actor, "session.ended")
    return visit.redirect("/me", done="session.others_ended")


async def ask_codes(visit: Visit) -> web.Response:
    """Ask before the codes of a lost phone are made anew."""
    return visit.render(
        "console/confirm.html",
        title=visit.text("codes.title"),
        text=visit.text("codes.text"),
        label=visit.text("codes.label"),
        kind="primary",
        back="/console/me",
    )


async def make_codes(visit: Visit) -> web.Response:
    """Show new codes once; the ones before are worthless.

    Raises:
        NotFound: there is no second factor.
    """
    async with visit.rt.db.write() as tx:
        account = await staff.account(tx, visit.actor.id)
        if account.totp is None:
            raise NotFound
        codes = await second_factor.new_codes(tx, account.id)
        await audit.note(visit.rt, tx, visit.actor, "second_factor.codes")
    return visit.render("console/recovery.html", codes=codes)


async def _page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    assert visit.session is not None
    async with visit.rt.db.read() as tx:
        account = await staff.account(tx, visit.actor.id)
        mine = await tx.execute(
            select(rows.c.id, rows.c.agent, rows.c.started_at, rows.c.seen_at)
            .where(rows.c.staff == visit.actor.id)
            .order_by(rows.c.seen_at.desc())
        )
        codes_left = await second_factor.codes_left(tx, visit.actor.id)
        listed = [dict(r) | {"is_this": r["id"] == visit.session.id} for r in mine.mappings()]
    return visit.render(
        "console/me.html",
        status=status,
        form=form,
        sessions=listed,
        least=passwords.LEAST,
        has_second_factor=account.totp is not None,
        codes_left=codes_left,
    )


PAGES: tuple[Page, ...] = (
    get("/me", STAFF, show),
    post("/me/password", STAFF, change_password),
    post("/me/sessions/others", STAFF, end_others),
    post("/me/sessions/{session}", STAFF, end_session),
    get("/me/recovery", STAFF, ask_codes),
    post("/me/recovery", STAFF, make_codes),
)
