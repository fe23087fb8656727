"""Turn: what a reply function gets. It computes and notes writes; reading is for rare wishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import Executable, Select

from bot.dialogue.conversation import Talk
from bot.runtime import Runtime
from bot.wechat.messages import Inbound
from bot.wechat.replies import Reply
from intents.understand import Understanding


class Begins(Protocol):
    """What can begin a flow."""

    def begin(self, turn: Turn, name: str, at: str = "", **given: str) -> Reply | str | None:
        """Begin a flow; returns its first question."""
        ...


def _nothing(_wanted: Select[Any]) -> Sequence[Any]:
    return ()


@dataclass(slots=True)
class Turn:
    """One message of one parent, inside the transaction of its batch.

    `decision` is the short id this turn's answer would have; it depends on the message alone, so a
    retry of WeChat's leads to the same id. `read` asks the batch's own transaction: it costs every
    parent of the batch, so only what few of them ask for may use it; a trial reads nothing.
    """

    rt: Runtime
    message: Inbound
    talk: Talk
    now: datetime
    asker: str
    decision: str
    text: str = ""
    #: Words in front of the reply, for what happened beside it.
    lead: str = ""
    #: Words behind it: that an open question still waits.
    tail: str = ""
    #: The reply must be shown as it is, in short lines or not.
    is_whole: bool = False
    #: Set by the engine.
    flows: Begins | None = None
    understanding: Understanding | None = None
    #: Nobody said it: a trial alarms nobody, and its writes are dropped.
    is_trial: bool = False
    writes: list[tuple[Executable, Mapping[str, Any]]] = field(default_factory=list)
    read: Callable[[Select[Any]], Sequence[Any]] = _nothing

    def write(self, statement: Executable, row: Mapping[str, Any]) -> None:
        """Note a row to be written with the inbox row, in one transaction.

        Deletions, and updates with the execution option `last`, run after everything else.
        """
        self.writes.append((statement, row))

    def in_minutes(self, minutes: int) -> datetime:
        """Return the instant some minutes from now."""
        return self.now + timedelta(minutes=minutes)

    def begin(self, flow: str, at: str = "", **given: str) -> Reply | str | None:
        """Begin a flow of the features, at one of its starts; returns its first question."""
        assert self.flows is not None
        return self.flows.begin(self, flow, at, **given)

    @property
    def stage(self) -> str:
        """Return the age band the words themselves name; empty where none or several are."""
        ages = list(self.understanding.slots.get("ages", ())) if self.understanding else []
        return str(ages[0]) if len(ages) == 1 else ""

    def say(self, intent: str, name: str = "main", **values: str) -> str:
        """Return a text of intents/zh, its placeholders and hotline numbers filled."""
        return self.rt.say(intent, name, **values)


class Pass(Enum):
    """What a waiting flow returns when the message is not for it."""

    NOT_MINE = "not mine"


#: A reply function: a turn in, a reply out (None: nothing is shown).
ReplyFunction = Callable[[Turn], Reply | str | None]
#: The same for a flow that waits for an answer; it may let the message pass.
WaitingFunction = Callable[[Turn], Reply | str | Pass | None]
