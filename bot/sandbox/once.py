"""Ids that make a message happen once, forgotten when their time is over."""

from __future__ import annotations

from dataclasses import dataclass, field

Known = dict[str, tuple[float, int]]


@dataclass
class Once:
    """Two generations: when the young one is as old as the window, the old one is dropped."""

    young: Known = field(default_factory=dict)
    old: Known = field(default_factory=dict)
    since: float = 0.0

    def find(self, openid: str, client_id: str, now: float, window_s: float) -> int:
        """Return the message id this id had within the window, else 0."""
        key = f"{openid} {client_id}"
        at, message_id = self.young.get(key) or self.old.get(key) or (now, 0)
        return message_id if now - at < window_s else 0

    def keep(
        self, openid: str, client_id: str, message_id: int, now: float, window_s: float
    ) -> None:
        """Remember an id with its message."""
        if now - self.since >= window_s:
            self.old, self.young, self.since = self.young, {}, now
        self.young[f"{openid} {client_id}"] = now, message_id
