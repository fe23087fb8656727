"""The lint of a pinned answer: as of entries, and what an announcement needs besides."""

from __future__ import annotations

from collections.abc import Iterator

from bot.pinned.numbers import numbers, without_people
from knowledge import check, hotlines
from knowledge.entry import Entry
from knowledge.text import normalise

#: One character alone is in every other question.
_SHORTEST = 2


def problems(entry: Entry) -> list[tuple[str, str]]:
    """Return what must be mended: a key of messages.yaml (empty: the sentence says it), and a text.

    The phrasings become what is compared with parents' words: two at least, none of them one
    character alone, none with a person in it.
    """
    found = [("", sentence) for _, sentence in check.problems(entry, short=True)]
    found += [("", sentence) for sentence in hotlines.faults(entry.answer)]
    return [*found, *_own(entry)]


def _own(entry: Entry) -> Iterator[tuple[str, str]]:
    rule = numbers()["announcement"]
    size = len("".join(entry.answer.split()))
    if not rule["least"] <= size <= rule["most"]:
        yield "pinned.size", str(size)
    if len(entry.askings()) < rule["wordings"]:
        yield "pinned.few_wordings", str(rule["wordings"])
    if not entry.sources:
        yield "pinned.no_source", ""
    for wording in entry.askings():
        plain = normalise(wording)
        if len(plain.replace(" ", "")) < _SHORTEST:
            yield "pinned.short_wording", wording
        elif without_people(wording) != wording:
            yield "pinned.person", wording
