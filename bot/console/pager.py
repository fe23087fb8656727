"""Long lists in pages: how many there are, and the address of each page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.console.visit import Visit

SIZE = 30


@dataclass(frozen=True, slots=True)
class Pager:
    """One page of a list; rows are numbered from 1."""

    number: int
    total: int
    path: str
    query: tuple[tuple[str, str], ...]
    size: int = SIZE

    @classmethod
    def of(cls, visit: Visit, total: int, *, size: int = SIZE) -> Pager:
        """Return the page the address asks for; beyond the last one: the last."""
        last = max(1, -(-total // size))
        kept = tuple((k, v) for k, v in visit.request.query.items() if k not in ("page", "done"))
        return cls(min(visit.whole("page"), last), total, visit.path, kept, size)

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows stand before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """Return the number of the first row, 0 for an empty list."""
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Return the number of the last row."""
        return min(self.offset + self.size, self.total)

    def url(self, number: int) -> str:
        """Return the address of a page of the same list."""
        return f"{self.path}?{urlencode([*self.query, ('page', str(number))])}"
