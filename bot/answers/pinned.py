"""Official words for the parents of one place, before the base is asked."""

from __future__ import annotations

from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.library import pins, whereabouts, wording
from bot.library.pins import Matched
from bot.runtime import ANSWERED
from knowledge.judge import Band
from knowledge.search import Found, Hit

#: Begins the rule of an intent that no pattern knew.
_GUESSED = "classifier:"
#: Rules of what is a question: nothing knew it, or the base's answer outweighed a guess of danger.
_OPEN = ("default", ANSWERED)


def find(turn: Turn) -> Matched | None:
    """Return the pinned answer to what is asked, if one stands for this parent.

    A message that is a known command as a whole stays one; what the classifier only guessed may be
    a rumour (it takes one about closed schools for a wish to cancel a course).

    Where the parent belongs is read only when a pin of one place fits the question.
    """
    standing = pins.standing(turn.rt, turn.now)
    if not standing or _is_command(turn):
        return None
    fitting = pins.matched(turn.rt, turn.text, standing)
    if not fitting:
        return None
    places = () if all(m.pin.is_for_everybody for m in fitting) else whereabouts.places(turn)
    return next((m for m in fitting if m.pin.is_for(places)), None)


def _is_command(turn: Turn) -> bool:
    known = turn.understanding
    if known is None or known.rule in _OPEN or known.rule.startswith(_GUESSED):
        return False
    return known.intent not in pins.numbers()["also"]


def found(matched: Matched) -> Found:
    """Return the match as a search's outcome, for the record."""
    entry = matched.pin.entry
    return Found((Hit(entry.id, entry.topic, matched.score),), matched.score, Band.ANSWER)


def text(turn: Turn, matched: Matched) -> str:
    """Return the words, their source, the short id, for whom and until when."""
    pin = matched.pin
    ready = wording.ready(turn.rt, pin.entry)
    until = pin.until.astimezone(GUANGZHOU)
    told = turn.say(
        "ask_question", "pinned_place" if pin.name else "pinned", place=pin.name,
        until=f"{until:%m-%d %H:%M}",
    )  # fmt: skip
    return "\n".join([ready.head.replace(wording.ID, turn.decision), told, ready.feedback])
