"""A parent's phone with cookies: it opens pages, and logs in by way of the platform."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from yarl import URL

from tests.support.parents import HIDDEN, House

BACK = re.compile(r"https://bot\.example\.cn(/h/login/back\?.*)")


@dataclass
class Handset:
    """The phone of one parent; redirects are followed by hand."""

    house: House
    openid: str
    cookies: dict = field(default_factory=dict)

    async def get(self, path, **headers):
        return await self.send("GET", path, headers=headers)

    async def post(self, path, *, page="/h/mine", token=None, **fields):
        """Send a form with the token of a page, or with the one given."""
        if token is None:
            token = HIDDEN.search((await self.get(page)).text)[1]
        return await self.send("POST", path, data=fields | {"token": token})

    async def send(self, method, path, *, headers=None, **given):
        given["cookies"] = self.cookies
        answer = await self.house.send(method, path, headers=headers or {}, **given)
        for line in answer.headers.getall("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer

    async def sent_away(self, path="/h/login"):
        """Return the platform's address that a login leads to."""
        answer = await self.get(path)
        if answer.status == 303:
            answer = await self.get(html.unescape(answer.headers["Location"]))
        assert answer.status == 302, answer.text
        return answer.headers["Location"]

    async def agreed(self, address):
        """Go to the platform as this parent; returns the path it sends back to."""
        url = URL(address).update_query(sandbox_openid=self.openid).with_fragment(None)
        async with self.house.http.get(url, allow_redirects=False) as response:
            return BACK.fullmatch(response.headers["Location"])[1]

    async def logs_in(self, path="/h/login"):
        """Log in; returns the answer that the login ends with."""
        return await self.get(await self.agreed(await self.sent_away(path)))

    @property
    def key(self):
        return self.cookies.get("__Host-h5-session", "")


async def logged_in(house, parent, path="/h/mine"):
    """Return the phone of a parent who has logged in."""
    phone = Handset(house, parent.openid)
    answer = await phone.logs_in(path)
    assert answer.status == 303, answer.text
    return phone
