"""SQL conditions on paths of the organisation: inside a subtree, or speaking for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_

#: The character after `/`: a range instead of LIKE uses the index on both databases.
_AFTER = chr(ord("/") + 1)


def contains(area: str, path: str) -> bool:
    """Say whether a path lies in an area; the empty area holds everything."""
    return not area or path == area or path.startswith(f"{area}/")


def is_below(column: ColumnElement[str], area: str) -> ColumnElement[bool]:
    """Return the condition that a path is this one or lies below it."""
    below = (column > f"{area}/") & (column < f"{area}{_AFTER}")
    return (column == area) | below


def speaks_for(column: ColumnElement[str], area: str) -> ColumnElement[bool]:
    """Return the condition that a path is this one or lies above it; the empty path holds all."""
    return column.in_(list(_above(area)))


def either(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return that one of the conditions holds; none given: nothing is seen (default deny)."""
    from sqlalchemy import false

    listed = list(conditions)
    return or_(*listed) if listed else false()


def _above(area: str) -> Iterable[str]:
    yield ""
    steps = area.split("/") if area else []
    for n in range(1, len(steps) + 1):
        yield "/".join(steps[:n])
