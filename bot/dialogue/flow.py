"""Flow: steps that ask a parent one thing after the other, as data; the functions behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.dialogue.flow_state import Answers
from bot.dialogue.turn import Turn
from bot.wechat.replies import Reply

#: Where a step may lead beside another step: to the flow's function, or out of it without one.
END, STOP = "end", "stop"


class Kind(StrEnum):
    """What a step is."""

    CHOICE = "choice"
    #: Read from words, as intents/slots tells.
    SLOT = "slot"
    #: A choice of `yes` and `no` that takes any word for them.
    CONFIRM = "confirm"
    #: Said, not asked.
    NOTE = "note"
    #: Never shown: a function chooses.
    BRANCH = "branch"


class Otherwise(StrEnum):
    """What becomes of words that are no answer and nothing else we know."""

    RETRY = "retry"
    #: They go their own way; the question waits.
    PASS = "pass"  # noqa: S105 - not a password
    #: They go their own way; the flow is over without a word.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered choice; `words` (normalised) say it as well as its number.

    With `offer` another kind of numbered offer takes it (`entry`: an answer is read), and the step
    waits.
    """

    value: str
    label: str
    next: str = ""
    words: frozenset[str] = frozenset()
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `next` counts where the option names none."""

    name: str
    kind: Kind
    ask: str
    retry: str = ""
    next: str = ""
    #: Slots tried in their order.
    slots: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    may_skip: bool = False
    otherwise: Otherwise = Otherwise.RETRY


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow; `version` is the hash of its definition, `values` are its constants."""

    name: str
    version: str
    hours: int
    starts: tuple[str, ...]
    steps: Mapping[str, Step]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step's function adds before it is asked.

    `values` fill the text. `options` replace those of the file; those of `before` are put before
    them, and the line `between` stands between the two. An `answer` is taken as if the parent had
    given it, and nothing is asked.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] | None = None
    before: tuple[Option, ...] = ()
    between: str = ""
    answer: str = ""


#: Called when a flow is through; writes rows, returns the reply.
FlowEnd = Callable[[Turn, Answers], Reply | str | None]
#: Called before a step is asked.
StepAsk = Callable[[Turn, Answers], Shown]
#: Called when a step is answered; says whether something was written that back must not cross.
StepDone = Callable[[Turn, Answers], bool]
