"""Spoken codes are not guessed: after five wrong ones a parent waits; in memory, by replica."""

from __future__ import annotations

from collections import OrderedDict

from bot.dialogue.turn import Turn

#: Wrong codes within an hour that are looked up, and parents remembered; the oldest go first.
TRIES, HOUR_S, MOST = 5, 3600.0, 20_000
_SHELF = "sessions.guesses"


def is_over(turn: Turn) -> bool:
    """Say whether a parent has tried too many codes within the hour."""
    return len(_recent(turn)) >= TRIES


def wrong(turn: Turn) -> None:
    """Count a wrong code."""
    known, tried = _known(turn), _recent(turn)
    known.pop(turn.asker, None)
    known[turn.asker] = [*tried, turn.rt.clock.monotonic()]
    while len(known) > MOST:
        known.popitem(last=False)


def _recent(turn: Turn) -> list[float]:
    since = turn.rt.clock.monotonic() - HOUR_S
    return [at for at in _known(turn).get(turn.asker, ()) if at > since]


def _known(turn: Turn) -> OrderedDict[str, list[float]]:
    found: OrderedDict[str, list[float]] = turn.rt.shelf.setdefault(_SHELF, OrderedDict())
    return found
