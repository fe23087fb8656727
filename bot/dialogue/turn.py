"""Turn: what a reply function gets. It computes and notes writes; it does no I/O of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from intents.understand import Understanding
from sqlalchemy import Executable

from bot.dialogue.conversation import Talk
from bot.runtime import Runtime
from bot.wechat.messages import Inbound
from bot.wechat.replies import Reply


@dataclass(slots=True)
class Turn:
    """One message of one parent, inside the transaction of its batch.

    `decision` is the short id this turn's answer would have; it depends on the message alone, so a
    retry of WeChat's leads to the same id.
    """

    rt: Runtime
    message: Inbound
    talk: Talk
    now: datetime
    asker: str
    decision: str
    text: str = ""
    understanding: Understanding | None = None
    writes: list[tuple[Executable, Mapping[str, Any]]] = field(default_factory=list)

    def write(self, statement: Executable, row: Mapping[str, Any]) -> None:
        """Note a row to be written with the inbox row, in one transaction."""
        self.writes.append((statement, row))

    def in_minutes(self, minutes: int) -> datetime:
        """Return the instant some minutes from now."""
        return self.now + timedelta(minutes=minutes)

    def say(self, intent: str, name: str, **values: object) -> str:
        """Return a text of intents/zh, its placeholders filled."""
        return self.rt.understander.reply(intent, name, **values)


#: A reply function: a turn in, a reply out (None: nothing is shown).
ReplyFunction = Callable[[Turn], Reply | str | None]
