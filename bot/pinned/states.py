"""Where a pinned answer stands."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """`over` is never stored: it follows from `until`."""

    DRAFT = "draft"
    LIVE = "live"
    OVER = "over"
    WITHDRAWN = "withdrawn"
