"""Tells every open page what happened, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import Any


class Hub:
    """Listeners and the events for them; a listener that stops reading loses the oldest events."""

    def __init__(self, backlog: int = 1000) -> None:
        self._backlog = backlog
        self._listeners: set[asyncio.Queue[str]] = set()
        self.is_closed = False

    def publish(self, kind: str, data: Any) -> None:
        """Hand one event to every listener."""
        if not self._listeners:
            return
        line = f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for listener in self._listeners:
            self._put(listener, line)

    @property
    def is_heard(self) -> bool:
        """Whether any page listens; without one there is no need to prepare events."""
        return bool(self._listeners)

    def listen(self) -> asyncio.Queue[str]:
        """Return a new listener's queue; an empty text in it means the end."""
        queue: asyncio.Queue[str] = asyncio.Queue(self._backlog)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[str]) -> None:
        """Forget a listener."""
        self._listeners.discard(queue)

    def close(self) -> None:
        """Tell every listener that it is over."""
        self.is_closed = True
        for listener in self._listeners:
            self._put(listener, "")

    @staticmethod
    def _put(queue: asyncio.Queue[str], line: str) -> None:
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(line)
