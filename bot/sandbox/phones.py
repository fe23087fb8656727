"""A simulated person's phone: whether they follow, their allowance, and what their screen shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.sandbox.windows import Window


@dataclass(slots=True)
class Entry:
    """One line of a chat.

    `side` is own, account or notice; `bubble` is what the page draws (its `type` decides how);
    `delivery` tells how the push behind it went, once that is known.
    """

    id: int
    at: float
    side: str
    bubble: dict[str, Any]
    delivery: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the entry for the page."""
        return {
            "id": self.id,
            "at": self.at,
            "side": self.side,
            "bubble": self.bubble,
            "delivery": self.delivery,
        }


# The chat of a light phone nobody has opened yet: one list for all of them, never written to.
NOT_OPENED: list[Entry] = []


@dataclass(slots=True)
class Phone:
    """One person and their chat with the account.

    A light phone is one of very many: its chat is made when somebody opens it, and its lines carry
    no wire. `tags` and `accepted` are replaced, never changed in place, so that many can share one.
    """

    openid: str
    name: str
    is_following: bool = False
    followed_at: float = 0.0
    follow_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: str = ""
    remark: str = ""
    tags: tuple[int, ...] = ()
    window: Window = field(default_factory=Window)
    talked_at: float = 0.0
    typing_until: float = 0.0
    accepted: Mapping[str, int] = field(default_factory=dict)
    mass: tuple[str, int] = ("", 0)  # the month of the last mass send, and how many it brought
    is_blocking: bool = False  # template messages of the account
    is_light: bool = False
    log: list[Entry] = field(default_factory=list)

    @property
    def is_opened(self) -> bool:
        """Whether there is a chat to write lines into."""
        return self.log is not NOT_OPENED

    def accept(self, template_id: str, left: int) -> None:
        """Set how many notices of a template may still come."""
        self.accepted = {**self.accepted, template_id: left}

    def mass_in(self, month: str) -> int:
        """Return how many mass sends this month has brought."""
        return self.mass[1] if self.mass[0] == month else 0

    def count_mass(self, month: str) -> None:
        """Count one more mass send."""
        self.mass = _tally(month, self.mass_in(month) + 1)

    def as_json(self, now: float) -> dict[str, Any]:
        """Return what a list of phones shows."""
        is_open = now <= self.window.deadline
        return {
            "openid": self.openid,
            "name": self.name,
            "is_following": self.is_following,
            "remaining": self.window.remaining if is_open else 0,
            "window_ends_at": self.window.deadline if is_open else 0,
            "tags": self.tags,
            "accepted": dict(self.accepted),
            "is_blocking": self.is_blocking,
        }


@cache
def _tally(month: str, count: int) -> tuple[str, int]:
    """Return one tuple for all phones with the same count."""
    return month, count
