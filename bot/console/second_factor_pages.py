"""Set up the second factor: the picture, the proof, the codes for a lost phone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import segno
from aiohttp import web

from bot.console import audit, guard
from bot.console.forms import Form
from bot.console.page import ANYBODY, Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people import roles, second_factor, sessions, staff
from bot.people.actor import Actor
from bot.people.sealed import seal, unseal

_PURPOSE = "totp-enrolment"


def must_enrol(who: Actor) -> bool:
    """Say whether one of the person's roles asks for a second factor."""
    return roles.needs_second_factor([g.role for g in who.grants])


async def show(visit: Visit) -> web.Response:
    """Show a fresh secret as a picture and as text."""
    account = await _account(visit)
    secret = second_factor.new_secret()
    return _page(visit, account.login, secret, visit.blank())


async def take(visit: Visit) -> web.Response:
    """Keep the secret once a code proves that the phone has it; show the recovery codes once."""
    account = await _account(visit)
    form = await visit.form()
    try:
        sealed = bytes.fromhex(form.values.get("sealed", ""))
        secret = unseal(visit.rt.code_key, _PURPOSE, sealed).decode()
    except (ValueError, InvalidInput):
        raise InvalidInput("form.unreadable") from None
    period = second_factor.period_of(secret, form.text("code", most=12), visit.now)
    if form and period is None:
        form.wrong("code", "code.wrong_enrol")
    if not form or period is None:
        return _page(visit, account.login, secret, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        codes = await second_factor.enrol(tx, visit.rt.code_key, account.id, secret, period)
        assert visit.session is not None
        await sessions.end(tx, visit.session.key)
        agent = visit.request.headers.get("User-Agent", "")
        visit.new_key = await sessions.start(tx, account.id, full=True, agent=agent, now=visit.now)
        await audit.note(visit.rt, tx, await staff.actor(tx, account.id), "second_factor.set")
    return visit.render("console/recovery.html", codes=codes)


async def _account(visit: Visit) -> staff.Account:
    """Return whose phone it is; who has a second factor needs it to get another one.

    Raises:
        LoginNeeded: no session, or the second factor was not given yet.
    """
    if visit.session is None:
        raise guard.LoginNeeded
    async with visit.rt.db.read() as tx:
        account = await staff.account(tx, visit.session.staff)
    if account.totp is not None and not visit.session.full:
        raise guard.LoginNeeded
    return account


def _page(visit: Visit, login: str, secret: str, form: Form, status: int = 200) -> web.Response:
    address = second_factor.uri(secret, login, visit.text("product"))
    picture: Any = segno.make(address, error="m")
    return visit.render(
        "console/totp_enrol.html",
        status=status,
        form=form,
        qr=picture.svg_data_uri(scale=4, border=2),
        secret=secret,
        sealed=seal(visit.rt.code_key, _PURPOSE, secret.encode()).hex(),
        required=visit.who is None,
    )


PAGES: tuple[Page, ...] = (
    get("/second-factor/new", ANYBODY, show),
    post("/second-factor/new", ANYBODY, take),
)
