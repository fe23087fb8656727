"""The list of followers as user/get gives it, page by page, without counting from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.phones import Phone


class Roll:
    """A snapshot of who follows; it is taken again on a first page and after any change."""

    def __init__(self) -> None:
        self._openids: list[str] = []
        self._ends: dict[str, int] = {}  # the last openid of each page given: place of the next
        self._seen = (-1, -1)
        self._changes = 0

    def touch(self) -> None:
        """Note that somebody has followed or left."""
        self._changes += 1

    def page(self, phones: dict[str, Phone], after: str, size: int) -> tuple[int, list[str]]:
        """Return how many follow, and the openids that come after one of them."""
        seen = (len(phones), self._changes)
        if not after or seen != self._seen:
            self._openids = [p.openid for p in phones.values() if p.is_following]
            self._ends, self._seen = {}, seen
        start = self._place(after)
        page = self._openids[start : start + size]
        if page:
            self._ends[page[-1]] = start + len(page)
        return len(self._openids), page

    def _place(self, after: str) -> int:
        if after in self._ends:
            return self._ends[after]
        return self._openids.index(after) + 1 if after in self._openids else 0
