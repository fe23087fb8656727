"""Crises that were answered from memory: kept on disk, and written once the database is back.

The parent has had the answer, so nothing is sent for them again; alarm, ticket and the state of the
talk are made then, as if the message had just come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.dialogue import stored
from bot.dialogue.spill import Spill
from bot.errors import StoreAway
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat.messages import Inbound

NAME = "cried"
_AGAIN_S = 2.0
#: More than these are on disk alone, and taken up by the next start.
MOST = 10_000


class Cried(Spill):
    """The messages of this process that wait for the database; `start` and `close` bracket it."""

    def __init__(self, rt: Runtime, note: Callable[[Inbound], Awaitable[None]]) -> None:
        super().__init__(rt.settings.data, NAME)
        self._rt, self._note = rt, note
        self._waiting: list[Inbound] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, message: Inbound) -> None:
        """Keep a message; where the disk does not take it, memory does."""
        if message in self._waiting:
            return  # the platform's repeat
        try:
            await asyncio.to_thread(self._append, stored.dump_message(message))
        except OSError as error:
            log.error("cry_not_on_disk", reason=type(error).__name__)
        if len(self._waiting) < MOST:
            self._waiting.append(message)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="cried")

    async def _write(self) -> None:
        """Give the messages to the database in their order, as soon as it takes them."""
        while self._waiting:
            await asyncio.sleep(_AGAIN_S)
            try:
                while self._waiting:
                    await self._note(self._waiting[0])
                    del self._waiting[0]
            except StoreAway as away:
                log.debug("cries_wait", messages=len(self._waiting), reason=str(away))
        log.warning("cries_written")
        self._clear()
        self._writing = None

    async def take_up(self, message: Inbound) -> None:
        """Write what a process that is gone had kept, as soon as the database takes it."""
        while True:
            try:
                return await self._note(message)
            except StoreAway:
                await asyncio.sleep(_AGAIN_S)

    async def close(self) -> None:
        """Stop; what still waits is on disk for the next start."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        self._let_go()
