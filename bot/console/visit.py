"""Visit: one request of one person, and what a page needs to answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import web

from bot.clock import day
from bot.console.forms import Form, read
from bot.console.render import Renderer
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.people.sessions import Session
from bot.runtime import Runtime

PREFIX = "/console"
#: Set when the process stops: what answers for long ends then.
STOPPING = web.AppKey("stopping", asyncio.Event)


@dataclass(slots=True)
class Visit:
    """What a handler gets. `actor` is set wherever a page is not for everybody."""

    rt: Runtime
    request: web.Request
    renderer: Renderer
    id: str
    session: Session | None = None
    who: Actor | None = None
    menu: list[Any] = field(default_factory=list)
    #: Set by the site: the session's key was changed and the browser must learn it ("" ends it).
    new_key: str | None = None
    #: Token and new cookie of a browser without a session.
    greeting: str = ""
    new_greeting: str = ""
    _form: Form | None = None

    @property
    def actor(self) -> Actor:
        """Return who acts. Handlers behind a permission have one; templates ask whether."""
        return cast("Actor", self.who)

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        return self.rt.clock.now()

    @property
    def today(self) -> date:
        """Return the day in Guangzhou."""
        return day(self.now)

    @property
    def path(self) -> str:
        """Return the path of the request."""
        return self.request.path

    @property
    def stopping(self) -> asyncio.Event:
        """Return what is set when the process stops."""
        return self.request.app[STOPPING]

    @property
    def csrf(self) -> str:
        """Return the token every form carries: the session's, or the greeting's before it."""
        return self.session.csrf if self.session else self.greeting

    @property
    def is_partial(self) -> bool:
        """Say whether htmx asks for a piece of a page, not for a page."""
        headers = self.request.headers
        return "HX-Request" in headers and "HX-Boosted" not in headers

    @property
    def notice(self) -> tuple[str, str] | None:
        """Return the message a redirect asked to show: kind and text, only from messages.yaml."""
        key = self.query("done")
        if not key or key not in self.renderer.messages:
            return None
        return ("warning" if key.endswith("_warning") else "success", self.text(key))

    def may(self, permission: str, area: str | None = None, topic: str | None = None) -> bool:
        """Say whether the person may do this (templates ask it, too)."""
        return self.who is not None and self.who.may(permission, area, topic)

    def query(self, name: str, default: str = "") -> str:
        """Return a value of the address, trimmed and cut to 200 characters."""
        return self.request.query.get(name, default).strip()[:200]

    def whole(self, name: str, default: int = 1, most: int = 1_000_000) -> int:
        """Return a whole number of the address, at least 1; nonsense is the default."""
        text = self.request.query.get(name, "")
        is_number = text.isascii() and text.isdigit() and len(text) < 9  # noqa: PLR2004
        return min(max(int(text), 1), most) if is_number else default

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]

    def number(self, name: str) -> int:
        """Return a part of the path that is a row's number.

        Raises:
            NotFound: it is no number.
        """
        text = self.part(name)
        if not (text.isascii() and text.isdigit()) or len(text) > 18:  # noqa: PLR2004
            raise NotFound
        return int(text)

    async def form(self) -> Form:
        """Read the form that was sent.

        Raises:
            InvalidInput: it cannot be read.
        """
        if self._form is None:
            self._form = await read(self.request, self.renderer.messages)
        return self._form

    def blank(self, lists: Mapping[str, Sequence[str]] | None = None, /, **values: str) -> Form:
        """Return a form that nobody has sent, filled with these values (`lists`: ticked ones)."""
        ticked = {name: list(chosen) for name, chosen in (lists or {}).items()}
        return Form(self.renderer.messages, values=values, lists=ticked)

    def text(self, key: str, **values: Any) -> str:
        """Return a sentence of messages.yaml."""
        return self.renderer.text(key, **values)

    def render(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> web.Response:
        """Return a page."""
        body = self.renderer.page(
            template, {"visit": self, "menu": self.menu, "status": status, **context}
        )
        return web.Response(text=body, status=status, content_type="text/html", charset="utf-8")

    def redirect(self, path: str, /, *, done: str = "", **query: str) -> web.Response:
        """Send the browser to a page of the console; `done` is a key of messages.yaml to show."""
        given = {k: v for k, v in {**query, "done": done}.items() if v}
        where = f"{PREFIX}{path}" + (f"?{urlencode(given)}" if given else "")
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": where})

    def download(self, name: str, content: bytes, kind: str) -> web.Response:
        """Return a file to be saved; the name is ASCII."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type=kind, headers=headers)
