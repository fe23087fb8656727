"""Web login of parents: to the platform, silently, and back with who it is.

Source: WECHAT.md 5.11 (OAuth web login, snsapi_base; developers.weixin.qq.com, read 2026-11-23).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlencode

from aiohttp import web
from sqlalchemy import select

from bot.delivery import incidents
from bot.h5 import cookies, logins, sessions
from bot.h5.cookies import LOGIN, SESSION
from bot.h5.links import PREFIX
from bot.h5.logins import Begun
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit
from bot.logs import log
from bot.people.families import Person
from bot.people.followers import followers
from bot.wechat.errors import WeChatError

LOGIN_PATH, BACK_PATH, LOGOUT_PATH = "/login", "/login/back", "/logout"
#: Where a login leads that did not come from a page.
HOME = "mine"
_CODE_FORM = re.compile(r"[A-Za-z0-9_-]{1,128}").fullmatch
#: The code is made up, used before, or older than five minutes: the parent just begins again.
_SPENT = frozenset((40029, 40163, 41008, 42003))


@dataclass(frozen=True, slots=True)
class Owner:
    """The account the pages speak for; without an AppSecret nobody can log in."""

    account: str
    app_id: str
    has_secret: bool


class Refused(Exception):
    """The login leads nowhere; `kind` names the sentence."""

    def __init__(self, kind: str, status: int = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(kind)
        self.kind, self.status = kind, status


def pages(owner: Callable[[], Owner], known: Callable[[str], bool]) -> tuple[Page, ...]:
    """Return the pages of the login; `known` says which paths below `/h` a login may lead to."""

    async def begin(visit: Visit) -> web.Response:
        """Send the phone to the platform, which sends it back with a code."""
        held, target = owner(), _target(visit.request.query.get("to", ""), known)
        if not (held.account and held.app_id and held.has_secret and _origin(visit)):
            return _said(visit, "unavailable", target)
        begun = logins.begin(visit.rt, target)
        answer = visit.away(_address(visit, held.app_id, begun))
        cookies.put(visit.rt.settings, answer, LOGIN, begun.cookie)
        return answer

    async def back(visit: Visit) -> web.Response:
        """Take the code: a session for who it is."""
        cookie = cookies.read(visit.rt.settings, visit.request, LOGIN)
        begun = logins.began(visit.rt, cookie, visit.request.query.get("state", ""))
        target = _target(begun.target if begun else "", known)
        try:
            key = await _opened(visit, owner(), begun)
        except Refused as refused:
            return _said(visit, refused.kind, target, refused.status)
        answer = visit.redirect(f"{PREFIX}/{target}")
        cookies.put(visit.rt.settings, answer, SESSION, key)
        return answer

    return (
        get(LOGIN_PATH, begin),
        get(BACK_PATH, back),
        post(LOGOUT_PATH, _leave, login=True),
    )


async def _leave(visit: Visit) -> web.Response:
    """End the session on the server and on the phone."""
    assert visit.session is not None
    async with visit.rt.db.write() as tx:
        await sessions.end(tx, visit.session)
    visit.session = None
    answer = visit.render("h5/login.html", kind="left", again=_again(HOME))
    cookies.drop(visit.rt.settings, answer, SESSION)
    return answer


async def _opened(visit: Visit, held: Owner, begun: Begun | None) -> str:
    """Return the key of a new session.

    Raises:
        Refused: with the sentence's name.
    """
    rt, code = visit.rt, visit.request.query.get("code", "")
    if begun is None:
        raise Refused("stale")
    if not _CODE_FORM(code):
        raise Refused("declined")
    async with rt.db.write() as tx:
        is_first = await logins.claim(rt, tx, begun, code)
    if not is_first:
        return await _again_opened(visit, begun, code)
    try:
        person = held.account, await _asked(visit, code)
        await _check_follows(visit, person)
    except Refused:
        async with rt.db.write() as tx:
            await logins.failed(tx, begun)
        raise
    async with rt.db.write() as tx:
        key = await sessions.start(tx, person, visit.now)
        await logins.done(tx, begun, key)
    return key


async def _again_opened(visit: Visit, begun: Begun, code: str) -> str:
    """Return a session for a page that was loaded a second time with the same code."""
    person = await logins.first(visit.rt, begun, code)
    if person is None:
        raise Refused("stale")
    async with visit.rt.db.write() as tx:
        return await sessions.start(tx, person, visit.now)


async def _asked(visit: Visit, code: str) -> str:
    """Return the openid the platform gives for a code."""
    rt = visit.rt
    if rt.connect is None:
        raise Refused("away", HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        found = await (await rt.connect()).web_login(code)
    except WeChatError as error:
        log.info("login_refused", code=error.code)
        async with rt.db.write() as tx:
            await incidents.report_refusal(tx, error, visit.now)
        if error.code in _SPENT:
            raise Refused("stale") from None
        raise Refused("away", HTTPStatus.SERVICE_UNAVAILABLE) from None
    if found.is_snapshot:
        raise Refused("snapshot")
    return found.openid


async def _check_follows(visit: Visit, person: Person) -> None:
    """Refuse who has left: their data is deleted, and no new row is made for them."""
    async with visit.rt.db.read() as tx:
        follows = await tx.scalar(
            select(followers.c.follows).where(
                followers.c.account == person[0], followers.c.openid == person[1]
            )
        )
    if follows is False:
        raise Refused("left_account")


def _address(visit: Visit, app_id: str, begun: Begun) -> str:
    """Return the platform's address, parameters in the documented order."""
    query = {
        "appid": app_id,
        "redirect_uri": f"{_origin(visit)}{PREFIX}{BACK_PATH}",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": begun.state,
    }
    asked = urlencode(query, quote_via=quote, safe="")
    base = visit.rt.settings.wechat_open.rstrip("/")
    return f"{base}/connect/oauth2/authorize?{asked}#wechat_redirect"


def _origin(visit: Visit) -> str:
    return visit.rt.settings.public_url.rstrip("/")


def _target(path: str, known: Callable[[str], bool]) -> str:
    return path if known(f"/{path}") else HOME


def _again(target: str) -> str:
    return f"{PREFIX}{LOGIN_PATH}?{urlencode({'to': target})}"


def _said(visit: Visit, kind: str, target: str, status: int = HTTPStatus.OK) -> web.Response:
    return visit.render("h5/login.html", status=status, kind=kind, again=_again(target))
