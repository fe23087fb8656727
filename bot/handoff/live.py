"""Live updates: one reader a process asks the database, and rings for each scope that changed.

Server-sent events say only that something changed and how many wait; what it is, the page fetches
within its own scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlalchemy import case, func, select

from bot.console.visit import Visit
from bot.errors import StoreAway
from bot.handoff import queries
from bot.handoff.tables import State, tickets
from bot.people import sessions, staff
from bot.people.actor import Actor
from bot.runtime import Runtime

PERIOD_S = 1.0
#: Comments that keep proxies from closing, and the moment a session is looked at again.
HEARTBEAT_S = 15.0
_SHELF = "handoff.bell"
_EVENTS = "text/event-stream"
_HEADERS = {"Content-Type": f"{_EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}

_STATE = (
    func.max(tickets.c.changed_at),
    func.count(),
    func.coalesce(func.sum(case((tickets.c.state == State.WAITING, 1), else_=0)), 0),
)


@dataclass(slots=True, eq=False)
class Ear:
    """One open stream: who listens, what they were told last."""

    actor: Actor
    told: tuple[Any, ...] | None = None
    rung: asyncio.Event = field(default_factory=asyncio.Event)


class Bell:
    """The reader of this process; it runs only while somebody listens."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._ears: set[Ear] = set()
        self._reading: asyncio.Task[None] | None = None
        self._last: tuple[Any, ...] | None = None

    @contextlib.contextmanager
    def heard_by(self, actor: Actor) -> Iterator[Ear]:
        """Listen while the block runs."""
        ear = Ear(actor)
        self._ears.add(ear)
        if self._reading is None or self._reading.done():
            self._last = None
            self._reading = asyncio.create_task(self._read(), name="inbox-bell")
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
            last = tuple((await tx.execute(select(*_STATE))).one())
            fresh = [ear for ear in self._ears if ear.told is None]
            asking = list(self._ears) if last != self._last else fresh
            scopes = {ear.actor.grants: ear.actor for ear in asking}
            found = {}
            for grants, actor in scopes.items():
                seen = select(*_STATE).where(queries.seen(actor))
                found[grants] = tuple((await tx.execute(seen)).one())
        self._last = last
        for ear in asking:
            state = found[ear.actor.grants]
            if ear.told != state:
                ear.told = state
                ear.rung.set()


def bell(rt: Runtime) -> Bell:
    """Return the bell of this process."""
    found: Bell = rt.shelf.setdefault(_SHELF, Bell(rt))
    return found


async def events(visit: Visit) -> web.StreamResponse:
    """Tell a page when a ticket in its scope changed, until the session or the process ends.

    Who does not ask for a stream gets the present number alone.
    """
    if _EVENTS not in visit.request.headers.get("Accept", ""):
        async with visit.rt.db.read() as tx:
            return web.json_response({"waiting": await queries.waiting(tx, visit.actor)})
    stream = web.StreamResponse(headers=_HEADERS)
    await stream.prepare(visit.request)
    stopping = asyncio.create_task(visit.stopping.wait())
    try:
        with bell(visit.rt).heard_by(visit.actor) as ear, contextlib.suppress(ConnectionError):
            await stream.write(b"retry: 3000\n\n")
            while await _wait(ear, stopping):
                if ear.rung.is_set():
                    ear.rung.clear()
                    await stream.write(_event(ear))
                elif not await _is_welcome(visit, ear):
                    break
                else:
                    await stream.write(b": still here\n\n")
    finally:
        stopping.cancel()
    return stream


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


def _event(ear: Ear) -> bytes:
    assert ear.told is not None
    said = json.dumps({"waiting": int(ear.told[2])})
    return f"data: {said}\n\n".encode()


async def _is_welcome(visit: Visit, ear: Ear) -> bool:
    """Look again at the session and the grants; a stream is no use of a session."""
    assert visit.session is not None
    async with visit.rt.db.read() as tx:
        lives = await sessions.lives(tx, visit.session, visit.now)
        actor = await staff.actor(tx, visit.actor.id) if lives else None
    if actor is None or not actor.may(queries.READ):
        return False
    if actor.grants != ear.actor.grants:
        ear.actor, ear.told = actor, None
    return True
