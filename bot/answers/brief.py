"""An answer in short lines: the curator's summary and first steps, chosen but never reworded."""

from __future__ import annotations

import re

from bot.dialogue.engine import INTENT
from bot.dialogue.turn import Turn
from knowledge import hotlines
from knowledge.entry import Entry

#: The kind of numbered offer behind which the whole answer is shown.
WHOLE = "whole"
STEPS = 3
#: Characters of a short line.
LONGEST = 60
_STEP = re.compile(r"^[0-9]+\.\s*", re.MULTILINE)
_SENTENCE = re.compile("[^\u3002\uff01\uff1f]*[\u3002\uff01\uff1f][\u201d\u300d\u300f\uff09]*")


def answer(turn: Turn, entry: Entry) -> str:
    """Return at most five lines: what it is about, up to three things to do, what comes next."""
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(INTENT, [f"{WHOLE}:{entry.id}", "talk_to_person"], until)
    room = STEPS - bool(turn.tail)
    return "\n".join([entry.summary, *lines(entry)[:room], turn.say("flow", "short")])


def lines(entry: Entry) -> list[str]:
    """Return the first sentence of the first steps; of an answer without steps, its first lines."""
    listed = hotlines.fill(entry.answer).split("\n")
    steps = [_STEP.sub("", line) for line in listed if _STEP.match(line)]
    firsts = [_first(line) for line in (steps or listed) if line.strip()]
    short = [line for line in firsts if len(line) <= LONGEST] or firsts
    return short[:STEPS]


def _first(line: str) -> str:
    found = _SENTENCE.match(line)
    return found.group() if found else line
