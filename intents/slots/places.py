"""The district and the street or town of Guangzhou a message names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import yamlfile
from intents.errors import CatalogueError
from intents.slots import words
from intents.slots.words import Words

FOLDER = Path(__file__).parent
_LISTS = ("full_only", "known", "never", "followed_by")
_BLOCKS = ("districts", "endings", "usual", "written")
_KEYS = frozenset((*_LISTS, *_BLOCKS, "harmless"))


@dataclass(frozen=True, slots=True)
class Places:
    """Words of districts and streets; `answers` count only as a whole message."""

    words: Words
    answers: Mapping[str, str]
    #: The district of every street, and its name without the ending.
    streets: Mapping[str, str]
    short: Mapping[str, str]
    followed_by: tuple[str, ...]

    def district(self, text: str) -> str | None:
        """Return the slug of the district named, or of the street's district."""
        named = self._named(text)
        own = (value for value in named if value not in self.streets)
        return next(own, None) or next((self.streets[value] for value in named), None)

    def street(self, text: str) -> str | None:
        """Return the full name of the street or town; a district named beside it must hold it."""
        named = self._named(text)
        districts = {value for value in named if value not in self.streets}
        streets = [value for value in named if value in self.streets]
        if not districts:
            return next(iter(streets), None)
        held = (s for s, district in self.streets.items() if district in districts)
        wanted = {self.short[value] for value in streets}
        return next((s for s in held if self.short[s] in wanted), None)

    def _named(self, text: str) -> list[str]:
        whole = self.answers.get(text.replace(" ", ""))
        if whole:
            return [whole]
        named: list[str] = []
        for found in self.words.find(text):
            named.append(found.value)
            if found.value not in self.streets:
                named += self._behind(found.value, text[found.end :].lstrip())
        return named

    def _behind(self, district: str, rest: str) -> list[str]:
        """Return the street whose short name follows its district: there it is none by chance."""
        own = (s for s, d in self.streets.items() if d == district)
        near = (s for s in own if rest.startswith(self.short[s]))
        more = ((s, rest[len(self.short[s]) :]) for s in near)
        return [s for s, left in more if not left or left.startswith((" ", *self.followed_by))]


def load_places(folder: Path = FOLDER) -> Places:
    """Read streets.yaml and places.yaml.

    Raises:
        CatalogueError: a file is faulty, or one word names two places.
    """
    path = folder / "places.yaml"
    fields = yamlfile.block(path, yamlfile.read(path), _KEYS)
    full_only, known, never, behind = (
        frozenset(t.value for t in yamlfile.texts(path, fields[key])) for key in _LISTS
    )
    endings = _words_of(path, fields["endings"])
    streets = _streets(folder / "streets.yaml")
    short = {street: _shorten(path, street, endings) for street in streets}
    answers = {name: street for street, name in short.items() if name not in never}
    answers |= {name: _known(path, s, streets) for name, s in _texts(path, fields["usual"]).items()}
    plain = {n: s for n, s in answers.items() if n in known or n not in full_only}
    full = {
        name + other: street
        for street, name in short.items()
        for ending, others in endings.items()
        if street.endswith(ending)
        for other in others
    }
    written = words.by_value(path, fields["written"], frozenset(streets))
    values = words.by_value(path, fields["districts"])
    harmless = words.expand(path, fields["harmless"])
    found = Words({**plain, **written, **full, **values}, harmless)
    return Places(found, answers, streets, short, tuple(sorted(behind)))


def _streets(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for district, node in yamlfile.read(path).items.items():
        for street in yamlfile.text(path, node).split():
            if street in found:
                raise CatalogueError(path, node.line, f"`{street}` stands here a second time")
            found[street] = district
    return found


def _shorten(path: Path, street: str, endings: Mapping[str, tuple[str, ...]]) -> str:
    for ending in endings:
        if street.endswith(ending):
            return street[: -len(ending)]
    raise CatalogueError(path, None, f"`{street}` has none of the endings")


def _known(path: Path, street: str, streets: Mapping[str, str]) -> str:
    if street not in streets:
        raise CatalogueError(path, None, f"streets.yaml has no `{street}`")
    return street


def _words_of(path: Path, node: yamlfile.Node) -> dict[str, tuple[str, ...]]:
    return {key: words.expand(path, value) for key, value in yamlfile.block(path, node).items()}


def _texts(path: Path, node: yamlfile.Node) -> dict[str, str]:
    pairs = yamlfile.block(path, node).items()
    return {key: yamlfile.text(path, value) for key, value in pairs}
