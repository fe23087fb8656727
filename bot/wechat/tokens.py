"""The access token: fetched once for everybody, kept until shortly before it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from bot.clock import Clock

# stable_token is renewed by the platform five minutes before its end: asking earlier gives the old
# one. Source: getStableAccessToken, developers.weixin.qq.com, DEPENDENCIES.md 5.
MARGIN_S = 240.0
# After a renewal that gave the same token again, the platform is not asked for a while.
UNCHANGED_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and its end in seconds since 1970."""

    value: str = field(repr=False)
    expires_at: float


class TokenStore(Protocol):
    """Where processes of one service share the token; `lock` admits one of them at a time."""

    async def load(self) -> Token | None:
        """Return the stored token, None when there is none."""
        ...

    async def save(self, token: Token) -> None:
        """Store a token in place of the one before."""
        ...

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Return a lock held around load, fetch and save."""
        ...


class MemoryStore:
    """A store for one process."""

    def __init__(self) -> None:
        self._token: Token | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> Token | None:
        """Return the token saved last."""
        return self._token

    async def save(self, token: Token) -> None:
        """Keep a token."""
        self._token = token

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Return the lock of this process."""
        return self._lock


class Tokens:
    """Hands out the access token; concurrent callers share one fetch and its outcome.

    Args:
        fetch: asks the platform; returns the token and its life in seconds.
        clock: its monotonic seconds decide expiry: a jump of the wall clock does no harm.
        store: shared with other processes; of this process alone by default.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[tuple[str, float]]],
        clock: Clock,
        store: TokenStore | None = None,
        *,
        margin_s: float = MARGIN_S,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._store = store or MemoryStore()
        self._margin_s = margin_s
        self._value = ""
        self._good_until = float("-inf")  # monotonic
        self._unchanged_until = float("-inf")  # monotonic
        self._flight: asyncio.Task[None] | None = None

    async def get(self) -> str:
        """Return a token that is good for at least the margin.

        Raises:
            WeChatError: the platform gave none.
        """
        if self._clock.monotonic() >= self._good_until:
            await self._share(stale="")
        return self._value

    async def renew(self, stale: str) -> str:
        """Return another token than `stale`, which the platform has just refused, if there is one.

        Goes to the network only while `stale` is the stored token; whoever comes later gets what
        the first one fetched. May return `stale` again when the platform insists on it.
        """
        now = self._clock.monotonic()
        replaced = self._value != stale and now < self._good_until
        if not replaced and now >= self._unchanged_until:
            await self._share(stale)
        return self._value

    async def _share(self, stale: str) -> None:
        """Wait for the refresh under way, or start one; a cancelled waiter does not stop it."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._refresh(stale))
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # its waiters have it; with none left nobody misses it

    async def _refresh(self, stale: str) -> None:
        async with self._store.lock():
            stored = await self._store.load()
            if stored is None or stored.value == stale or self._left_s(stored) <= self._margin_s:
                value, life_s = await self._fetch()
                stored = Token(value, self._clock.timestamp() + life_s)
                await self._store.save(stored)
        now = self._clock.monotonic()
        self._value = stored.value
        left_s = self._left_s(stored)
        # A life shorter than the margin is used by half, or every call would fetch.
        self._good_until = now + (
            left_s - self._margin_s if left_s > self._margin_s else left_s / 2
        )
        if stored.value == stale:
            self._unchanged_until = now + UNCHANGED_PAUSE_S

    def _left_s(self, token: Token) -> float:
        return token.expires_at - self._clock.timestamp()
