"""What a parent is told about one place: only what is known, and whether it holds."""

from __future__ import annotations

from bot.clock import day
from bot.dialogue.turn import Turn
from bot.directory.place import Place
from bot.directory.words import words

#: The lines of a card, in their order: each one's name is its reply and its field.
_LINES = (
    "address", "phones", "hours", "booking", "fee", "services", "audience", "languages",
    "accessibility", "note",
)  # fmt: skip
_INTENT = "find_station"


def card(turn: Turn, place: Place) -> str:
    """Return the card of a place; what is not verified says so."""
    told = [turn.say(_INTENT, "card", title=place.name)]
    told += [
        turn.say(_INTENT, name, text=_text(place, name)) for name in _LINES if _text(place, name)
    ]
    if place.is_sure(day(turn.now)):
        assert place.verified_at is not None
        told.append(turn.say(_INTENT, "checked", checked=place.verified_at.strftime("%Y-%m")))
    else:
        told.append(turn.say(_INTENT, "call_first" if place.phones else "ask_first"))
    return "\n".join(told)


def _text(place: Place, name: str) -> str:
    text = str(getattr(place, name))
    if name == "services":
        return " ".join(words().services[code] for code in text.split(",") if code)
    return text.replace(";", " ")
