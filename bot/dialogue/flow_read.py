"""What a message means to the step that is open: an answer, a command, or something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from bot.dialogue.flow import Kind, Option, Otherwise, Step
from bot.dialogue.turn import Turn
from knowledge.judge import Band
from knowledge.text import normalise

#: A text this short that holds a slot's value is an answer whatever else it resembles.
_ANSWER_MOST = 6
#: So much may stand around a label: `I am the mother` for `mother`.
_AROUND_MOST = 4
_LABEL_LEAST = 2


class Word(Enum):
    """What a message is that answers nothing."""

    BACK = "back"
    SKIP = "skip"
    CANCEL = "cancel"
    REPEAT = "repeat"
    ELSEWHERE = "elsewhere"
    WRONG = "wrong"


#: The option chosen, the value of a slot, or neither.
Heard = Option | str | Word

_COMMANDS = {
    "back": Word.BACK,
    "skip": Word.SKIP,
    "cancel": Word.CANCEL,
    "repeat": Word.REPEAT,
}
_YES = frozenset(("yes", "feedback_helpful"))
_NO = frozenset(("no", "feedback_not_helpful"))
_VOTES = frozenset(("feedback_helpful", "feedback_not_helpful"))
#: Intents that may answer a step; any other is a wish of its own.
_MINE = _YES | _NO | {"number_choice", "ask_question", "out_of_scope"}
#: So many digits are meant as a choice, whatever else they could stand for.
_DIGITS_MOST = 2


def heard(
    turn: Turn, step: Step, options: Sequence[Option], judge: Callable[[Turn], Band]
) -> Heard:
    """Return what the message is to this step; `judge` says how well it can be answered."""
    assert turn.understanding is not None
    intent, plain = turn.understanding.intent, normalise(turn.text)
    if plain.isdecimal() and len(plain) <= _DIGITS_MOST:
        intent = "number_choice"
    value = next(filter(None, (read(turn, slot) for slot in step.slots)), "")
    chosen: Option | str | None = _chosen(turn, step, options, intent, plain)
    if chosen is None and value and len(plain) <= _ANSWER_MOST:
        chosen = value
    if chosen is not None:
        return chosen
    if step.otherwise is Otherwise.LEAVE:
        return Word.ELSEWHERE
    if intent == "continue":
        return Word.ELSEWHERE if turn.talk.rest else Word.REPEAT
    is_vote = intent in _VOTES and turn.talk.last_decision is not None
    if intent not in _MINE or is_vote:
        return _COMMANDS.get(intent, Word.ELSEWHERE)
    if value and judge(turn) is not Band.ANSWER:
        return value
    return _near(options, plain) or _other(turn, step, judge)


def _other(turn: Turn, step: Step, judge: Callable[[Turn], Band]) -> Word:
    """Say whether words that are no answer are a question, may go their own way, or are wrong."""
    assert turn.understanding is not None
    is_question = turn.understanding.intent == "ask_question" and judge(turn) is not Band.DECLINE
    passes = step.otherwise is not Otherwise.RETRY
    return Word.ELSEWHERE if is_question or passes else Word.WRONG


def _chosen(
    turn: Turn, step: Step, options: Sequence[Option], intent: str, plain: str
) -> Option | None:
    assert turn.understanding is not None
    by_word = next((o for o in options if plain in o.words), None)
    if by_word is not None:
        return by_word
    if intent == "number_choice":
        number = int(turn.understanding.slots.get("choice", 0))  # not told: nobody offered it
        return options[number - 1] if 1 <= number <= len(options) else None
    if step.kind is not Kind.CONFIRM:
        return None
    said = "yes" if intent in _YES else "no" if intent in _NO else ""
    return next((o for o in options if o.value == said), None)


def _near(options: Sequence[Option], plain: str) -> Option | None:
    """Return the one option whose words stand in a text that holds little else."""
    found = [
        option
        for option in options
        if any(
            len(word) >= _LABEL_LEAST and word in plain and len(plain) <= len(word) + _AROUND_MOST
            for word in option.words
        )
    ]
    return found[0] if len(found) == 1 else None


def read(turn: Turn, slot: str) -> str:
    """Return a slot's value in the message as text, several with commas; empty: not found."""
    found = turn.rt.understander.read(slot, turn.text)
    if found is None:
        return ""
    return ",".join(map(str, found)) if isinstance(found, tuple) else str(found)
