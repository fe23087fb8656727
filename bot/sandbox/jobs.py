"""A mass send from its call to its end."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.ledger import Message
    from bot.sandbox.phones import Phone

SPEEDS = (80, 60, 45, 30, 10)  # ten thousand a minute
SUCCESS = ("send success", "sendsuccess")  # today and on older pages
# Source: mass send events page, codes of the review, developers.weixin.qq.com, read 2026-10.
REVIEWS = "10001|20001|20002|20004|20006|20008|20013|21000|22000|30001|30002|30003|40001|40002"
VERDICTS = re.compile(rf"send ?success|send fail|err\(({REVIEWS})\)")


@dataclass
class MassJob:
    """One mass send; `client_id` makes it happen once.

    `state` is waiting (for the administrator), queued, sending or done; `status` is what mass/get
    says; `verdict` stands in the finish event.
    """

    message_id: int
    client_id: str
    at: float
    day: str
    message: Message
    audience: list[Phone]
    asked: int
    is_to_all: bool = False
    draft_id: str = ""
    state: str = "queued"
    status: str = "SENDING"
    verdict: str = ""
    filtered: int = 0
    sent: int = 0
    links: list[str] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    is_allowed: bool = False

    @property
    def kind(self) -> str:
        """The msgtype."""
        return str(self.message.wire.get("msgtype", ""))

    @property
    def is_success(self) -> bool:
        """Whether the review lets it go out."""
        return self.verdict in SUCCESS

    def counts(self) -> dict[str, int]:
        """Return the numbers of the finish event."""
        return {
            "TotalCount": self.asked,
            "FilterCount": self.asked - self.filtered,
            "SentCount": self.sent,
            "ErrorCount": self.asked - self.filtered - self.sent,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the job for the control interface."""
        return {
            "msg_id": self.message_id,
            "clientmsgid": self.message.key,
            "at": self.at,
            "msgtype": self.kind,
            "is_to_all": self.is_to_all,
            "state": self.state,
            "status": self.status,
            "verdict": self.verdict,
            "counts": self.counts(),
        }
