"""A link that works once: the first administrator, a new colleague, a new password."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import ANYBODY, Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people import invitations, passwords, sessions, staff

_TEMPLATES = {
    invitations.SETUP: "console/setup.html",
    invitations.INVITE: "console/invite.html",
    invitations.RESET: "console/reset.html",
}


async def show(visit: Visit) -> web.Response:
    """Show the form behind a link.

    Raises:
        NotFound: the link is used, too old or nobody's.
    """
    key = visit.query("key")
    async with visit.rt.db.read() as tx:
        found = await invitations.look(tx, key, visit.now)
    return _page(visit, found, key, visit.blank(name=found.name))


async def take(visit: Visit) -> web.Response:
    """Open the account, or set the new password, and go on to the login."""
    form = await visit.form()
    key = form.values.get("key", "")[:200]
    async with visit.rt.db.read() as tx:
        found = await invitations.look(tx, key, visit.now)
    is_new = found.kind != invitations.RESET
    login = form.text("login", most=40, needed=is_new)
    name = form.text("name", most=40, needed=is_new)
    password = form.raw("password")
    _check(form, password, login, name)
    if form:
        try:
            number = await _use(visit, key, found, login, name, password)
        except InvalidInput as refused:
            field = str(refused).partition(".")[0]
            form.refuse(refused, field if field in ("login", "name") else None)
        else:
            return await _welcome(visit, found, number)
    return _page(visit, found, key, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _check(form: Form, password: str, login: str, name: str) -> None:
    try:
        passwords.check(password, login, name)
    except InvalidInput as refused:
        form.refuse(refused, "password")
    if password != form.raw("again"):
        form.wrong("again", "password.differs")


async def _use(
    visit: Visit,
    key: str,
    found: invitations.Invitation,
    login: str,
    name: str,
    password: str,
) -> int:
    kept = await passwords.hashed(password)
    async with visit.rt.db.write() as tx:
        number = await invitations.use(
            tx, key, login=login, name=name, password=kept, now=visit.now
        )
        who = await staff.actor(tx, number)
        grant = found.grant
        await audit.note(
            visit.rt, tx, who, f"invitation.{found.kind}", f"staff:{number}", area=grant.area,
            role=grant.role,
        )  # fmt: skip
    return number


async def _welcome(visit: Visit, found: invitations.Invitation, number: int) -> web.Response:
    """Let the first administrator in at once, as far as the page of the second factor."""
    if found.kind != invitations.SETUP:
        return visit.redirect("/login", done=f"invitation.{found.kind}_done")
    agent = visit.request.headers.get("User-Agent", "")
    async with visit.rt.db.write() as tx:
        visit.new_key = await sessions.start(tx, number, full=False, agent=agent, now=visit.now)
    return visit.redirect("/second-factor/new")


def _page(
    visit: Visit, found: invitations.Invitation, key: str, form: Form, status: int = 200
) -> web.Response:
    return visit.render(
        _TEMPLATES[found.kind], status=status, form=form, key=key, name=found.name,
        least=passwords.LEAST,
    )  # fmt: skip


PAGES: tuple[Page, ...] = (get("/invite", ANYBODY, show), post("/invite", ANYBODY, take))
