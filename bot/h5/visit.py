"""Visit: one request of a parent's phone, and what a page needs to answer it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_request import FileField

from bot.errors import InvalidInput
from bot.h5.links import PREFIX, Link
from bot.h5.render import Renderer
from bot.h5.sessions import Session
from bot.people.families import Person
from bot.people.sealed import derived
from bot.runtime import Runtime

#: Cookie with the size of type, for this phone alone; it says nothing else.
TYPE = "h5-type"
_BIG = {"0": False, "1": True}


@dataclass(slots=True)
class Visit:
    """What a handler gets. `person` is set wherever a page needs a link or a login."""

    rt: Runtime
    request: web.Request
    renderer: Renderer
    id: str
    link: Link | None = None
    session: Session | None = None
    uses_sdk: bool = False
    _form: dict[str, str] | None = None

    @property
    def person(self) -> Person:
        """Return whose page it is. Handlers behind a link or a login have one."""
        return cast("Link | Session", self.link or self.session).person

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        return self.rt.clock.now()

    @property
    def chosen_type(self) -> bool | None:
        """Return the size of type this request asks for; None: as the phone remembers."""
        return _BIG.get(self.request.query.get("big", ""))

    @property
    def is_big(self) -> bool:
        """Say whether the type is large."""
        asked = self.chosen_type
        return self.request.cookies.get(TYPE) == "big" if asked is None else asked

    @property
    def token(self) -> str:
        """Return what forms of this link or session carry; no other site can know it."""
        key = derived(self.rt.code_key, "parent-form")
        opened = self.link or self.session
        said = opened.key if opened else ""
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()

    def path(self, rest: str = "") -> str:
        """Return the path of the link's own page, or of one below it."""
        link = cast("Link", self.link)
        return f"{PREFIX}/{link.purpose}/{link.key}{rest}"

    async def form(self) -> dict[str, str]:
        """Read the form that was sent: the first text under each name.

        Raises:
            InvalidInput: it cannot be read.
        """
        if self._form is None:
            try:
                posted = await self.request.post()
            except (ValueError, LookupError, HttpProcessingError) as error:
                raise InvalidInput("the form cannot be read") from error
            texts = [(k, v.replace("\0", "")) for k, v in posted.items() if isinstance(v, str)]
            self._form = dict(reversed(texts))
        return self._form

    async def files(self, name: str) -> list[bytes]:
        """Return the contents of the files sent under a name; an empty field is none.

        Raises:
            InvalidInput: the form cannot be read.
        """
        await self.form()
        sent = (await self.request.post()).getall(name, [])
        found = []
        for one in sent:
            if isinstance(one, FileField):
                with one.file as file:
                    found.append(file.read())
        return [content for content in found if content]

    def render(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> web.Response:
        """Return a page."""
        body = self.renderer.page(template, {"visit": self, "status": status, **context})
        return web.Response(text=body, status=status, content_type="text/html", charset="utf-8")

    def redirect(self, path: str, **query: str) -> web.Response:
        """Send the phone to another page of ours."""
        where = f"{path}?{urlencode(query)}" if query else path
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": where})

    def away(self, address: str) -> web.Response:
        """Send the phone to another site; the address is never of a visitor's making."""
        return web.Response(status=HTTPStatus.FOUND, headers={"Location": address})

    def download(self, name: str, content: bytes, kind: str) -> web.Response:
        """Return a file to be saved; the name is ASCII."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type=kind, headers=headers)
