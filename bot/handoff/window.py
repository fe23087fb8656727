"""The platform's window for customer messages: open until when, and how many may still be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Window:
    """What the account may still say to a parent who wrote last at some instant.

    `reason` is a key of messages.yaml where nothing may be said, else empty.
    Source: WECHAT R1 (5 messages in 48 hours after a message of the user), numbers are settings.
    """

    closes_at: datetime | None
    left: int
    reason: str

    @property
    def is_open(self) -> bool:
        """Say whether one more message may be sent."""
        return not self.reason


def of(settings: Settings, *, last_at: datetime | None, sent: int, now: datetime) -> Window:
    """Return the window after the parent's last message and `sent` messages since."""
    if last_at is None:
        return Window(None, 0, "inbox.window_never")
    closes_at = last_at + timedelta(hours=settings.customer_window_hours)
    left = max(0, settings.customer_messages - sent)
    if now >= closes_at:
        return Window(closes_at, left, "inbox.window_closed")
    return Window(closes_at, left, "" if left else "inbox.window_used_up")
