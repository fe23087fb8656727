"""A simulated person's phone: whether they follow, their allowance, and what their screen shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.windows import Window


@dataclass
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


@dataclass
class Phone:
    """One person and their chat with the account."""

    openid: str
    name: str
    is_following: bool = False
    followed_at: float = 0.0
    follow_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: str = ""
    remark: str = ""
    tags: list[int] = field(default_factory=list)
    window: Window = field(default_factory=Window)
    talked_at: float = 0.0
    typing_until: float = 0.0
    accepted: dict[str, int] = field(default_factory=dict)
    mass_months: Counter[str] = field(default_factory=Counter)
    log: list[Entry] = field(default_factory=list)

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
            "accepted": self.accepted,
        }
