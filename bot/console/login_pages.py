"""In and out: password, second factor, and the way there and back."""

from __future__ import annotations

import math
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit, guard
from bot.console.forms import Form
from bot.console.page import ANYBODY, Page, get, post
from bot.console.second_factor_pages import must_enrol
from bot.console.visit import PREFIX, Visit
from bot.logs import log
from bot.people import passwords, second_factor, sessions, staff, throttle


async def show(visit: Visit) -> web.Response:
    """Show the login form."""
    if visit.who is not None:
        return visit.redirect("/")
    return visit.render("console/login.html", form=visit.blank(), next=_next(visit))


async def log_in(visit: Visit) -> web.Response:
    """Check the password; the same sentence and the same time whoever it was."""
    form = await visit.form()
    login, password = form.text("login", most=80), form.raw("password")
    if not password:
        form.wrong("password", "form.missing")
    if not form:
        return _again(visit, form)
    counted = throttle.keys(login, guard.address(visit.request, visit.rt.settings))
    async with visit.rt.db.write() as tx:
        wait = await throttle.begin(tx, counted, visit.now)
        account = await staff.by_login(tx, login)
    if wait > 0:
        form.fault = visit.text("login.wait", seconds=math.ceil(wait))
        return _again(visit, form, HTTPStatus.TOO_MANY_REQUESTS)
    is_right = await passwords.is_right(account.password if account else None, password)
    async with visit.rt.db.write() as tx:
        if account is None or not is_right:
            await audit.note(visit.rt, tx, None, "login.failed", throttle.keys(login, "")[0][:12])
            form.refuse("login.wrong")
            log.info("login_failed")
            return _again(visit, form, HTTPStatus.UNAUTHORIZED)
        await throttle.succeeded(tx, counted)
        who = await staff.actor(tx, account.id)
        assert who is not None
        is_full = account.totp is None and not must_enrol(who)
        await open_session(visit, tx, account.id, full=is_full)
        if is_full:
            await audit.note(visit.rt, tx, who, "login.done")
    if is_full:
        return _onwards(visit, form.values.get("next", ""))
    where = "/second-factor" if account.totp is not None else "/second-factor/new"
    return visit.redirect(where, next=form.values.get("next", ""))


async def open_session(visit: Visit, tx: AsyncConnection, number: int, *, full: bool) -> None:
    """Open a new session in place of the one before: a key is never carried over."""
    if visit.session is not None:
        await sessions.end(tx, visit.session.key)
    agent = visit.request.headers.get("User-Agent", "")
    visit.new_key = await sessions.start(tx, number, full=full, agent=agent, now=visit.now)


async def show_code(visit: Visit) -> web.Response:
    """Ask for the code of the second factor."""
    if visit.session is None or visit.who is not None:
        return visit.redirect("/login")
    async with visit.rt.db.read() as tx:
        if (await staff.account(tx, visit.session.staff)).totp is None:
            return visit.redirect("/second-factor/new")
    return visit.render("console/totp.html", form=visit.blank(), next=_next(visit))


async def take_code(visit: Visit) -> web.Response:
    """Check the code; wrong ones count like wrong passwords."""
    if visit.session is None:
        raise guard.LoginNeeded
    form = await visit.form()
    code = form.text("code", most=40)
    counted = throttle.keys(f"code:{visit.session.staff}", guard.address(
        visit.request, visit.rt.settings
    ))  # fmt: skip
    async with visit.rt.db.write() as tx:
        account = await staff.account(tx, visit.session.staff)
        if account.totp is None:
            return visit.redirect("/second-factor/new")
        if form and await throttle.begin(tx, counted, visit.now) > 0:
            form.refuse("login.wait_code")
        elif form and not await second_factor.take(tx, visit.rt.code_key, account, code, visit.now):
            form.wrong("code", "code.wrong")
        if not form:
            return visit.render(
                "console/totp.html",
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
                form=form,
                next=form.values.get("next", ""),
            )
        await throttle.succeeded(tx, counted)
        await open_session(visit, tx, account.id, full=True)
        await audit.note(visit.rt, tx, await staff.actor(tx, account.id), "login.done")
    return _onwards(visit, form.values.get("next", ""))


async def log_out(visit: Visit) -> web.Response:
    """End the session here and in the database."""
    if visit.session is not None:
        async with visit.rt.db.write() as tx:
            await sessions.end(tx, visit.session.key)
            await audit.note(visit.rt, tx, visit.who, "logout")
    visit.new_key = ""
    return visit.redirect("/login", done="logout.done")


def _again(visit: Visit, form: Form, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> web.Response:
    where = form.values.get("next", "")
    return visit.render("console/login.html", status=status, form=form, next=where)


def _next(visit: Visit) -> str:
    wanted = visit.query("next")
    return wanted if guard.is_own_path(wanted) else ""


def _onwards(visit: Visit, wanted: str) -> web.Response:
    if guard.is_own_path(wanted):
        return visit.redirect(wanted.removeprefix(PREFIX) or "/")
    return visit.redirect("/")


PAGES: tuple[Page, ...] = (
    get("/login", ANYBODY, show),
    post("/login", ANYBODY, log_in),
    get("/second-factor", ANYBODY, show_code),
    post("/second-factor", ANYBODY, take_code),
    post("/logout", ANYBODY, log_out),
)
