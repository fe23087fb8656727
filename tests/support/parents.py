"""A parent's phone in front of the pages: a running service whose clocks are turned together."""

from __future__ import annotations

import html
import re
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from sqlalchemy import insert

from bot.clock import HandClock, SystemClock
from bot.people.families import guardians, holds
from tests.support import world

#: What parents' phones reach in the tests; the address asked is always the real port's.
ORIGIN = "https://bot.example.cn"
LINK = re.compile(r'<a href="([^"]+)">')
HIDDEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
HELD_DAYS = 180


@dataclass(frozen=True)
class Answer:
    """One answer; redirects are not followed."""

    status: int
    text: str
    headers: object
    body: bytes


@dataclass
class House:
    """The service, a browser without a window, and the parents of the city."""

    city: world.City
    clock: HandClock
    http: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def open(cls, given, *, public_url=ORIGIN):
        clock = HandClock(SystemClock().now())
        given = given.model_copy(update={"public_url": public_url})
        async with AsyncExitStack() as stack:
            city = await stack.enter_async_context(world.City.open(given, clock=clock))
            city.platform.clock.freeze(clock.timestamp())
            http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            yield cls(city, clock, await stack.enter_async_context(http))

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.city.ports[0]}"

    def wait(self, **by):
        self.clock.turn(**by)
        self.city.platform.clock.freeze(self.clock.timestamp())

    async def parent(self, *words, name="mother"):
        """Return a parent who follows and has said these words."""
        parent = self.city.parent(name)
        await parent.follows()
        for said in words:
            self.wait(seconds=1)
            await parent.says(said)
        return parent

    async def link(self, parent, words="我的资料"):
        """Return the path of the link that these words are answered with."""
        self.wait(seconds=1)
        told = await parent.says(words)
        address = html.unescape(LINK.search(told)[1])
        assert address.startswith(f"{ORIGIN}/h/data/"), told
        return address.removeprefix(ORIGIN)

    async def get(self, path, **headers):
        return await self.send("GET", path, headers=headers)

    async def post(self, path, *, token=None, **fields):
        """Send a form with the token of the link's page, or with the one given."""
        if token is None:
            page = await self.get(path.rpartition("/")[0])
            found = HIDDEN.search(page.text)
            token = found[1] if found else ""
        return await self.send("POST", path, data=fields | {"token": token})

    async def send(self, method, path, **given):
        made = self.http.request(method, self.origin + path, allow_redirects=False, **given)
        async with made as response:
            body = await response.read()
            words = body.decode("utf-8", errors="replace")
            return Answer(response.status, words, response.headers, body)

    async def rows(self, sql, **values):
        return await self.city.rows(sql, **values)

    async def hold(self, parent, ticket, *, days=HELD_DAYS):
        """Place a legal hold on a ticket of this parent."""
        now = self.clock.now()
        row = {
            "account": world.ACCOUNT, "openid": parent.openid, "ticket": ticket,
            "reason": "abuse", "placed_at": now, "until": now + timedelta(days=days),
        }  # fmt: skip
        async with self.city.db.write() as tx:
            await tx.execute(insert(holds).values(row))

    async def known(self, parent):
        """Keep what a parent told of the family."""
        now = self.clock.now()
        row = {
            "account": world.ACCOUNT, "openid": parent.openid, "role": "mother",
            "is_elder": False, "added_at": now, "changed_at": now,
        }  # fmt: skip
        async with self.city.db.write() as tx:
            await tx.execute(insert(guardians).values(row))
