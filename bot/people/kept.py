"""What the service keeps about one parent, feature by feature, for the parent's own eyes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing kept: a title and columns in Chinese, rows of plain values, oldest first.

    `days` is how long it is kept, None without a limit. Values are text, numbers, datetimes (UTC)
    or None. Never an openid, never anything of another person.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    days: int | None = None
