"""An office: the console on a free port, a clock turned by hand, and staff who are logged in."""

from __future__ import annotations

import io
import re
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import aiohttp
from argon2 import PasswordHasher
from sqlalchemy import text, update
from sqlalchemy.engine import make_url

from bot import app, logs, web
from bot.clock import HandClock
from bot.console import guard
from bot.console.visit import PREFIX
from bot.db.migrate import upgrade
from bot.directory import actions as directory
from bot.org import tree
from bot.people import sessions, staff
from bot.people.actor import Actor, Grant
from bot.people.tables import grants as grant_rows
from bot.runtime import Runtime
from tests.support import postgres, world
from tests.support.desk import MORNING

#: What everybody in the office types; `hashed` once a process, and cheaply.
PASSWORD = "seven green kites over the river"
#: The two schools of the small city: one in Tianhe below a street, one in Yuexiu.
TIANHE, YUEXIU = "gz/tianhe", "gz/yuexiu"
SCHOOL, OTHER_SCHOOL = "gz/tianhe/shifan/shifan-1", "gz/yuexiu/dongshan-1"
CLASS = f"{SCHOOL}/2024/3"
_UNITS = (
    tree.Unit("gz/tianhe/shifan", TIANHE, "street", "示范街"),
    tree.Unit(SCHOOL, "gz/tianhe/shifan", "school", "示范一小", "primary"),
    tree.Unit(f"{SCHOOL}/2024", SCHOOL, "grade", "2024级", "primary", 2024),
    tree.Unit(CLASS, f"{SCHOOL}/2024", "class", "3班", "primary", 2024, 3),
    tree.Unit(OTHER_SCHOOL, YUEXIU, "school", "东山一小", "primary"),
)
_migrated: list[bytes] = []


@cache
def hashed():
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Answer:
    """One answer; redirects are not followed."""

    status: int
    text: str
    headers: object
    body: bytes

    @property
    def location(self):
        return self.headers.get("Location", "")


@dataclass
class Client:
    """A browser without a window: keeps the cookie, sends Origin and the token of the session."""

    office: Office
    id: int = 0
    cookies: dict = field(default_factory=dict)

    async def get(self, path, /, *, _headers=None, **query):
        return await self.send("GET", path, headers=_headers, params=query)

    async def post(self, path, /, _files=None, *, _headers=None, **fields):
        """Send a form; a field may be a list, `_files` maps names to (file name, bytes)."""
        sent = aiohttp.FormData(
            default_to_multipart=_files is not None,
            quote_fields=False,  # as browsers do
        )
        token = {} if "csrf" in fields else {"csrf": await self.token()}
        for name, value in (token | fields).items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                sent.add_field(name, str(one))
        for name, (file, content) in (_files or {}).items():
            sent.add_field(name, io.BytesIO(content), filename=file)
        headers = {"Origin": self.office.origin} | (_headers or {})
        return await self.send("POST", path, headers=headers, data=sent)

    async def send(self, method, path, *, headers=None, **body):
        """Send anything, with this browser's cookie; a header given as None is left out."""
        url = self.office.origin + (path if path.startswith(PREFIX) else PREFIX + path)
        given = {k: v for k, v in (headers or {}).items() if v is not None}
        made = self.office.http.request(
            method, url, headers=given, cookies=self.cookies, allow_redirects=False, **body
        )
        async with made as response:
            content = await response.read()
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
            words = content.decode("utf-8", errors="replace")
            return Answer(response.status, words, response.headers, content)

    async def follow(self, answer):
        """Open the page an answer sends to."""
        return await self.send("GET", answer.location)

    @property
    def key(self):
        """The session's key, as the browser keeps it."""
        return self.cookies.get(guard.cookie_name(self.office.rt.settings), "")

    async def token(self):
        """Return the token that forms of this browser carry."""
        async with self.office.rt.db.read() as tx:
            session = await sessions.load(tx, self.key, self.office.clock.now())
        if session:
            return session.csrf
        page = await self.get("/login")  # leaves the greeting's cookie
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        return found[1] if found else ""

    async def actor(self) -> Actor:
        async with self.office.rt.db.read() as tx:
            found = await staff.actor(tx, self.id)
        assert found is not None
        return found


@dataclass
class Office:
    """The console; it is open because `founder` administrates, who has no place in the tests."""

    rt: Runtime
    clock: HandClock
    port: int
    http: aiohttp.ClientSession
    founder: int | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, given, clock=None, *, base=False, founder=True):
        """Open the console on an empty database; `base` publishes the small base as well."""
        logs.configure(level=given.log_level)
        await world.prepare(given) if base else migrate(given)
        clock = clock or HandClock(MORNING)
        async with AsyncExitStack() as stack:
            rt = await stack.enter_async_context(app.opened(given, clock=clock))
            port = await stack.enter_async_context(web.console(rt))
            http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            office = cls(rt, clock, port, await stack.enter_async_context(http))
            if founder:
                office.founder = await office.account("founder", ("admin", "", ""))
            yield office

    @property
    def pages(self):
        """Every page of every feature."""
        return app.site(self.rt).pages

    @property
    def origin(self):
        return self.rt.settings.console_origin or f"http://127.0.0.1:{self.port}"

    async def account(self, login, *held, name=""):
        """Open an account with grants that count; returns its number."""
        now = self.clock.now()
        async with self.rt.db.write() as tx:
            number = await staff.create(
                tx, login=login, name=name or f"{login}先生", password=hashed(), now=now
            )
            by = self.founder or number
            for grant in (Grant(*g) for g in held):
                given = await staff.propose(tx, number, grant, by=by, now=now)
                row = update(grant_rows).where(grant_rows.c.id == given)
                await tx.execute(row.values(approved_by=by, approved_at=now))
        return number

    async def staff(self, login, *held, name=""):
        """Return the browser of a new colleague who is logged in; grants: (role, area, topic)."""
        return await self.logged_in(await self.account(login, *held, name=name))

    async def logged_in(self, number, *, full=True):
        """Return a new browser with a session of this account."""
        async with self.rt.db.write() as tx:
            now = self.clock.now()
            key = await sessions.start(tx, number, full=full, agent="office", now=now)
        return Client(self, number, {guard.cookie_name(self.rt.settings): key})

    def visitor(self):
        """Return a browser without a session."""
        return Client(self)

    async def units(self):
        """Fill the tree: the city, its districts, and a school each in Tianhe and Yuexiu."""
        async with self.rt.db.write() as tx:
            await tree.seed(tx, self.clock.now())
            await directory.seed(tx, self.clock.now())
            for unit in _UNITS:
                await tree.add(tx, unit, self.clock.now())

    async def rows(self, sql, **values):
        async with self.rt.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()

    async def change(self, sql, **values):
        """Change rows behind the service's back."""
        async with self.rt.db.write() as tx:
            await tx.execute(text(sql), values)


def migrate(given):
    """Make an empty database: migrated once a process, then copied."""
    if not given.url.startswith("sqlite"):
        if not postgres.copy(given.url, "empty"):
            upgrade(given.url)
            postgres.keep(given.url, "empty")
        return
    file = Path(make_url(given.url).database)
    if file.exists():
        return
    if not _migrated:
        upgrade(given.url)
        _migrated.append(file.read_bytes())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated[0])
