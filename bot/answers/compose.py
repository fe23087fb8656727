"""The text of an answer: the curated words, their source, the short id, and what to ask next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.dialogue.turn import Turn
from bot.library import wording
from bot.library.find import Base, barred
from knowledge.entry import Entry
from knowledge.search import Hit

FOLLOW_UPS = 3
#: A hit must account for this share of the question to be offered beside the answer.
NEAR = 0.25


def answer(turn: Turn, base: Base, entry: Entry, hits: Sequence[Hit]) -> tuple[str, list[str]]:
    """Return the text of an answer and the entries its numbers stand for."""
    ready = base.ready.get(entry.id)
    if ready is None:
        ready = base.ready[entry.id] = wording.ready(turn.rt, entry)
    lines = [ready.head.replace(wording.ID, turn.decision)]
    offers = follow_ups(base, entry, hits, barred(turn.rt))
    if offers:
        lines += ["", ready.related, *numbered(base, offers), ""]
    lines.append(ready.feedback)
    return "\n".join(lines), offers


def follow_ups(base: Base, entry: Entry, hits: Sequence[Hit], expired: frozenset[str]) -> list[str]:
    """Return up to three other entries: the curator's relatives first, then near hits."""
    near = [h.entry for h in hits if h.score >= NEAR]
    wanted = dict.fromkeys((*entry.related, *near))
    served = (i for i in wanted if i in base.entries and i != entry.id and i not in expired)
    return list(islice(served, FOLLOW_UPS))


def numbered(base: Base, offers: Sequence[str]) -> list[str]:
    """Return one line an offer: its number and its summary."""
    return [f"{n}. {base.entries[i].summary}" for n, i in enumerate(offers, 1)]
