"""How many customer-service messages a follower may get, and until when."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.errors import ApiError


@dataclass(slots=True)
class Window:
    """The allowance one user's actions have opened."""

    remaining: int = 0
    deadline: float = 0.0

    def open(self, messages: int, seconds: float, now: float) -> None:
        """Count an action: the larger allowance and the later deadline hold.

        An old allowance whose deadline has passed is gone first. How windows add up is documented
        for mini-programs only; this follows that page.

        Source: customer message rules of 2023-06-12, developers.weixin.qq.com/doc/service.
        """
        if now > self.deadline:
            self.remaining = 0
        self.remaining = max(self.remaining, messages)
        self.deadline = max(self.deadline, now + seconds)

    def spend(self, now: float) -> None:
        """Take one message.

        Raises:
            ApiError: 45015 outside the time, 45047 when the allowance is used up.

        """
        if now > self.deadline:
            raise ApiError(45015)
        if self.remaining <= 0:
            raise ApiError(45047)
        self.remaining -= 1

    def close(self) -> None:
        """Forget everything; the user has left."""
        self.remaining, self.deadline = 0, 0.0
