"""All slots by name, each read from a message as written and from its second spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from intents import variants, yamlfile
from intents.errors import CatalogueError
from intents.slots import words
from intents.slots.ages import load_ages
from intents.slots.code import load_codes
from intents.slots.places import load_places
from intents.slots.topics import load_topics
from intents.slots.when import load_when
from knowledge import text as knowledge_text

FOLDER = Path(__file__).parent
#: Slots an intent may list; `choice` comes from the pattern that matched.
NAMES = frozenset(
    ("ages", "choice", "code", "district", "grades", "kind", "rating", "reference", "role",
     "street", "topic", "when")
)  # fmt: skip
_ROLES = frozenset(("mother", "father", "grandparent", "other"))
_RATINGS = frozenset("12345")
_KINDS = frozenset(("lessons", "events", "all", "notices", "reminders"))
#: In longer messages the words as written are enough.
_LONGEST = 60
_STARS = "\u2b50\u2605\u2b51"
_MOST_STARS = 5


class Reading:
    """One message in the forms slots are read from; each is made when first asked for."""

    def __init__(self, text: str, plain: str | None = None) -> None:
        self._text = text
        self.plain = knowledge_text.normalise(text) if plain is None else plain

    @cached_property
    def mapped(self) -> str:
        """The normalised text in Mandarin and without known slips; a long one as it is."""
        return variants.mapped(self.plain) if len(self.plain) <= _LONGEST else self.plain

    @cached_property
    def level(self) -> str:
        """Half-width and simplified, punctuation kept: for times and codes."""
        return knowledge_text.level(self._text)


class Slots:
    """Reads one slot from a message."""

    def __init__(self) -> None:
        ages, places, topics = load_ages(), load_places(), load_topics()
        self._when, self._codes = load_when(), load_codes()
        self._roles = words.load(FOLDER / "role.yaml", _ROLES)
        self._ratings = words.load(FOLDER / "rating.yaml", _RATINGS)
        self._kinds = words.load(FOLDER / "kind.yaml", _KINDS)
        self._plain: Mapping[str, Callable[[str], Any]] = {
            "ages": ages.find,
            "grades": ages.find_grades,
            "district": places.district,
            "street": places.street,
            "topic": topics.find,
            "role": self._role,
            "kind": self._kind,
        }
        self._level: Mapping[str, Callable[[str], Any]] = {
            "when": self._when.find,
            "code": self._codes.find,
            "reference": self._codes.find,
            "rating": self._rating,
        }

    def read(self, name: str, reading: Reading) -> Any | None:
        """Return the value of a slot, or None if the message names none."""
        find = self._plain.get(name)
        if find is None:
            return self._level[name](reading.level)
        found = find(reading.plain)
        if not found and reading.mapped is not reading.plain:
            found = find(reading.mapped)
        return found or None

    def _role(self, text: str) -> str | None:
        return self._roles.first(text)

    def _rating(self, level: str) -> int | None:
        stars = sum(char in _STARS for char in level)
        if 0 < stars <= _MOST_STARS:
            return stars
        found = self._ratings.first(knowledge_text.normalise(level))
        return int(found) if found else None

    def _kind(self, text: str) -> str | None:
        named = {found.value for found in self._kinds.find(text)}
        own = named & {"lessons", "events"} or named & {"notices"}
        if "notices" in own:
            return "events"
        if len(own) == 1:
            return own.pop()
        if own or "all" in named:
            return "all"
        return "lessons" if named else None


def load() -> Slots:
    """Read all files of slots.

    Raises:
        CatalogueError: a file is faulty.
    """
    return Slots()


def load_choices(path: Path = FOLDER / "choice.yaml") -> dict[str, int]:
    """Read the ways of writing the numbers people choose with.

    Raises:
        CatalogueError: the file is faulty, or one way of writing stands for two numbers.
    """
    found: dict[str, int] = {}
    for value, node in yamlfile.read(path).items.items():
        for written in yamlfile.text(path, node).split("|"):
            if not value.isdecimal() or written in found:
                raise CatalogueError(path, node.line, f"`{written}` is not one number")
            found[written] = int(value)
    return found
