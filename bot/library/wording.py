"""The words around an answer: its source, the place of its short id, and the line on feedback."""

from __future__ import annotations

from dataclasses import dataclass

from bot.runtime import Runtime
from knowledge import hotlines
from knowledge.entry import Entry

#: Stands where the answer's id goes.
ID = "\0"


@dataclass(frozen=True, slots=True)
class Ready:
    """What every answer with one entry has in common; the answer's id goes where `ID` stands."""

    head: str
    related: str
    feedback: str


def ready(rt: Runtime, entry: Entry) -> Ready:
    """Return the texts of an answer with this entry."""
    named = "、".join(f"{s.name}{s.article or ''}" for s in entry.sources)
    month = max(s.checked for s in entry.sources).strftime("%Y-%m")
    source = rt.say("ask_question", "source", source=named, checked=month)
    answer_id = rt.say("ask_question", "answer_id", answer_id=ID)
    return Ready(
        head="\n".join([hotlines.fill(entry.answer), "", source, answer_id]),
        related=rt.say("ask_question", "related"),
        feedback=rt.say("ask_question", "feedback"),
    )
