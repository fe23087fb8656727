"""Live updates: one reader a process asks the database, and rings for whoever's state changed.

Server-sent events say only that something changed and how much waits; what it is, the page fetches
within its own scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.visit import Visit
from bot.errors import StoreAway
from bot.people import sessions, staff
from bot.people.actor import Actor
from bot.runtime import Runtime

PERIOD_S = 1.0
#: Comments that keep proxies from closing, and the moment a session is looked at again.
HEARTBEAT_S = 15.0
_EVENTS = "text/event-stream"
_HEADERS = {"Content-Type": f"{_EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}

State = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """What a bell watches: `whole` is one cheap query over everything, `mine` what one person sees.

    `said` tells a person's state in words of a JSON object; `permission` is needed to listen.
    """

    name: str
    permission: str
    whole: Callable[[AsyncConnection], Awaitable[State]]
    mine: Callable[[AsyncConnection, Actor], Awaitable[State]]
    said: Callable[[State], Mapping[str, int]]


@dataclass(slots=True, eq=False)
class Ear:
    """One open stream: who listens, what they were told last."""

    actor: Actor
    told: State | None = None
    rung: asyncio.Event = field(default_factory=asyncio.Event)


class Bell:
    """The reader of this process for a theme; it runs only while somebody listens."""

    def __init__(self, rt: Runtime, theme: Theme) -> None:
        self._rt, self._theme = rt, theme
        self._ears: set[Ear] = set()
        self._reading: asyncio.Task[None] | None = None
        self._last: State | None = None

    @contextlib.contextmanager
    def heard_by(self, actor: Actor) -> Iterator[Ear]:
        """Listen while the block runs."""
        ear = Ear(actor)
        self._ears.add(ear)
        if self._reading is None or self._reading.done():
            self._last = None
            self._reading = asyncio.create_task(self._read(), name=f"bell-{self._theme.name}")
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._ears and self._reading is not None:
                self._reading.cancel()
                self._reading = None

    async def _read(self) -> None:
        while True:
            with contextlib.suppress(StoreAway):  # next time
                await self._look()
            await asyncio.sleep(PERIOD_S)

    async def _look(self) -> None:
        async with self._rt.db.read() as tx:
            last = await self._theme.whole(tx)
            fresh = [ear for ear in self._ears if ear.told is None]
            asking = list(self._ears) if last != self._last else fresh
            actors = {(ear.actor.id, ear.actor.grants): ear.actor for ear in asking}
            found = {key: await self._theme.mine(tx, actor) for key, actor in actors.items()}
        self._last = last
        for ear in asking:
            state = found[ear.actor.id, ear.actor.grants]
            if ear.told != state:
                ear.told = state
                ear.rung.set()


def bell(rt: Runtime, theme: Theme) -> Bell:
    """Return the bell of this process for a theme."""
    found: Bell = rt.shelf.setdefault(f"bell.{theme.name}", Bell(rt, theme))
    return found


async def stream(visit: Visit, theme: Theme) -> web.StreamResponse:
    """Tell a page when its state changed, until the session or the process ends.

    Who does not ask for a stream gets the present state alone.
    """
    if _EVENTS not in visit.request.headers.get("Accept", ""):
        async with visit.rt.db.read() as tx:
            return web.json_response(theme.said(await theme.mine(tx, visit.actor)))
    made = web.StreamResponse(headers=_HEADERS)
    await made.prepare(visit.request)
    stopping = asyncio.create_task(visit.stopping.wait())
    try:
        with (
            bell(visit.rt, theme).heard_by(visit.actor) as ear,
            contextlib.suppress(ConnectionError),
        ):
            await made.write(b"retry: 3000\n\n")
            while await _wait(ear, stopping):
                if ear.rung.is_set():
                    ear.rung.clear()
                    await made.write(_event(theme, ear))
                elif not await _is_welcome(visit, theme, ear):
                    break
                else:
                    await made.write(b": still here\n\n")
    finally:
        stopping.cancel()
    return made


async def _wait(ear: Ear, stopping: asyncio.Task[Any]) -> bool:
    """Wait for a ring, at most a heartbeat; False when the process stops."""
    ringing = asyncio.create_task(ear.rung.wait())
    try:
        await asyncio.wait(
            {ringing, stopping}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        ringing.cancel()
    return not stopping.done()


def _event(theme: Theme, ear: Ear) -> bytes:
    assert ear.told is not None
    return f"data: {json.dumps(dict(theme.said(ear.told)))}\n\n".encode()


async def _is_welcome(visit: Visit, theme: Theme, ear: Ear) -> bool:
    """Look again at the session and the grants; a stream is no use of a session."""
    assert visit.session is not None
    async with visit.rt.db.read() as tx:
        lives = await sessions.lives(tx, visit.session, visit.now)
        actor = await staff.actor(tx, visit.actor.id) if lives else None
    if actor is None or not actor.may(theme.permission):
        return False
    if actor.grants != ear.actor.grants:
        ear.actor, ear.told = actor, None
    return True
