"""All the pretend platform knows: the account, its followers, ids, counters and faults."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import texts
from bot.sandbox.clock import Clock
from bot.sandbox.errors import NotHere
from bot.sandbox.faults import Faults
from bot.sandbox.hub import Hub
from bot.sandbox.ledger import Ledger
from bot.sandbox.once import Once
from bot.sandbox.phones import Entry, Phone
from bot.sandbox.pushes import Head
from bot.sandbox.quotas import Quotas
from bot.sandbox.roll import Roll
from bot.sandbox.tokens import LETTERS, Tokens

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from aiohttp import ClientSession

    from bot.sandbox.config import SandboxConfig
    from bot.sandbox.jobs import MassJob
    from bot.sandbox.shelf import Draft, Media, Publication


@dataclass(frozen=True)
class Code:
    """One parametric QR code; `expires_at` 0 means permanent."""

    scene: str
    expires_at: float


@dataclass
class Grant:
    """One web login: a code for one use, then a token of its own."""

    openid: str
    scope: str
    at: float
    is_used: bool = False


@dataclass
class Account:
    """What the developer has made through the interface."""

    menu: dict[str, Any] | None = None
    media: dict[str, Media] = field(default_factory=dict)
    materials: dict[str, Media] = field(default_factory=dict)
    images: dict[str, Media] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    web_tokens: dict[str, Grant] = field(default_factory=dict)
    mass_jobs: dict[int, MassJob] = field(default_factory=dict)
    mass_days: Counter[str] = field(default_factory=Counter)
    mass_speed: int = 0
    mass_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    client_ids: Once = field(default_factory=Once)


class Platform:
    """The one object every part works on; `reset` makes it new again."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.hub = Hub()
        self.session: ClientSession | None = None
        self._is_closing = asyncio.Event()
        self._turn = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self.reset(config.seed)

    def reset(self, seed: int) -> None:
        """Forget everything and draw ids from this seed; settings stay as they are."""
        for task in self._tasks:
            task.cancel()
        self.clock = Clock(self.config.frozen_at)
        self.ids = random.Random(f"{seed}:ids")
        self.noise = random.Random(f"{seed}:noise")
        self.tokens = Tokens(random.Random(f"{seed}:tokens"))
        self.quotas = Quotas()
        self.faults = Faults(random.Random(f"{seed}:faults"))
        self.weather = random.Random(f"{seed}:latency")
        self.phones: dict[str, Phone] = {}
        self.crowds: Counter[str] = Counter()
        self.roll = Roll()
        self.ledger = Ledger()
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.account = Account(templates=dict(texts.load("templates.yaml")))
        self.calls: deque[dict[str, Any]] = deque(maxlen=self.config.keep_calls)
        self.old_key, self.old_key_until = "", 0.0
        self._message_id = 24_000_000_000_000_000 + self.ids.randrange(10**15)
        self._entry_id = 0

    def next_id(self) -> int:
        """Return the next 64-bit message id."""
        self._message_id += self.ids.randrange(1, 10_000)
        return self._message_id

    def head(self, phone: Phone) -> Head:
        """Return the head of a new push from this phone."""
        created_at = int(self.clock.now())
        return Head(self.config.account_id, phone.openid, created_at, self.next_id())

    def word(self, length: int) -> str:
        """Return letters and digits for an openid, a media id or a ticket."""
        return "".join(self.ids.choices(LETTERS, k=length))

    def rid(self) -> str:
        """Return the request id that ends every error text."""
        return "-".join(f"{self.noise.getrandbits(32):08x}" for _ in range(3))

    def add_phone(self, name: str, openid: str = "") -> Phone:
        """Put one more phone on the table; it does not follow yet."""
        openid = openid or "o" + self.word(27)
        if openid in self.phones:
            raise NotHere("this openid has a phone already", 409)
        phone = self.phones[openid] = Phone(openid, name or openid[:8])
        self.tell_phone(phone)
        return phone

    def phone(self, openid: str) -> Phone:
        """Return a phone; `NotHere` with 404 when there is none."""
        if openid not in self.phones:
            raise NotHere("there is no phone with this openid", 404)
        return self.phones[openid]

    def show(self, phone: Phone, side: str, bubble: dict[str, Any]) -> Entry:
        """Add a line to a chat and tell the pages; of a chat nobody has opened nothing is kept."""
        self._entry_id += 1
        entry = Entry(self._entry_id, self.clock.now(), side, bubble)
        if not phone.is_opened:
            return entry
        phone.log.append(entry)
        del phone.log[: -self.config.log_max]
        self.tell_entry(phone, entry)
        return entry

    def tell_entry(self, phone: Phone, entry: Entry) -> None:
        """Tell the pages about a new or changed line."""
        if self.hub.is_heard:
            self.hub.publish("entry", {"openid": phone.openid, "entry": entry.as_json()})

    def tell_phone(self, phone: Phone) -> None:
        """Tell the pages about a new or changed phone."""
        if self.hub.is_heard and phone.is_opened and phone.openid in self.phones:
            self.hub.publish("phone", phone.as_json(self.clock.now()))

    def tell_phones(self) -> None:
        """Tell the pages about all phones, after a change that concerns every one."""
        if self.hub.is_heard:
            self.hub.publish("phones", self.table())

    def table(self) -> list[dict[str, Any]]:
        """Return the phones on the table: all but those of a crowd that nobody has opened."""
        now = self.clock.now()
        return [phone.as_json(now) for phone in self.phones.values() if phone.is_opened]

    def latency_s(self) -> float:
        """Return how long the next call takes."""
        low, high = self.config.latency_ms
        return self.weather.uniform(low, high) / 1000 if high > 0 else 0.0

    def keep_calls(self, count: int) -> None:
        """Keep so many of the last calls from now on."""
        if count != self.calls.maxlen:
            self.calls = deque(self.calls, maxlen=count)

    def media(self, media_id: str) -> Media | None:
        """Return a file that has not expired, or a permanent one."""
        found = self.account.media.get(media_id) or self.account.materials.get(media_id)
        return found if found and found.expires_at > self.clock.now() else None

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something after the answer, such as a finish event."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def pause(self, seconds: float) -> None:
        """Wait, but not past the end of the sandbox."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_closing.wait()

    def next_webhook(self) -> str:
        """Return the address of the next request; several addresses take turns."""
        webhooks = self.config.webhooks
        self._turn += 1
        return webhooks[self._turn % len(webhooks)]

    async def settle(self) -> None:
        """Wait until everything spawned so far has ended."""
        await asyncio.gather(*[task for task in self._tasks if not task.cancelling()])

    async def close(self) -> None:
        """Stop what still runs."""
        self.hub.close()
        self._is_closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
