"""The fixed first and second replies to a crisis, with the numbers put in by the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intents import crisis_numbers, yamlfile
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError, UnknownReply

SEVERITIES = (3, 2, 1)
SPEAKERS = ("other", "self")
CHOICES = (1, 2, 3)
HOTLINES = frozenset(
    ("hotline_110", "hotline_120", "hotline_12356", "hotline_12355", "hotline_12338")
)
#: These are never left out.
EMERGENCY = frozenset(("hotline_110", "hotline_120"))
FILE = Path(__file__).parent / "crisis" / "replies.yaml"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KEYS = frozenset(("question", "choices", "first", "second", "wrong", "still_urgent"))


@dataclass(frozen=True, slots=True)
class Replies:
    """All texts, placeholders still in them."""

    question: str
    first: Mapping[tuple[str, str, int], str]
    second: Mapping[tuple[str, int], str]
    wrong: str
    still_urgent: str


def load(path: Path) -> Replies:
    """Read the texts; every category, speaker, severity and choice must be there.

    Raises:
        CatalogueError: a text is missing, or has a placeholder that is no hotline.
    """
    top = yamlfile.block(path, yamlfile.read(path), _KEYS)
    reader = _Reader(path)
    choices = yamlfile.block(path, top["choices"])
    lines = [f"{number} {reader.text(choices, str(number))}" for number in CHOICES]
    first, second = yamlfile.block(path, top["first"]), yamlfile.block(path, top["second"])
    return Replies(
        question="\n".join([reader.text(top, "question"), *lines]),
        first={
            (category, speaker, severity): reader.text(
                reader.block(reader.block(first, category), speaker), str(severity)
            )
            for category in CATEGORIES
            for speaker in SPEAKERS
            for severity in SEVERITIES
        },
        second={
            (category, choice): reader.text(reader.block(second, category), str(choice))
            for category in CATEGORIES
            for choice in (1, 2)
        },
        wrong=reader.text(top, "wrong"),
        still_urgent=reader.text(top, "still_urgent"),
    )


@cache
def texts() -> Mapping[str, str]:
    """Return every text a parent may read, under ids like `first.self_harm.other.3`."""
    known = load(FILE)
    first = {f"first.{c}.{s}.{n}": text for (c, s, n), text in known.first.items()}
    second = {f"second.{c}.{n}": text for (c, n), text in known.second.items()}
    rest = {"question": known.question, "wrong": known.wrong, "still_urgent": known.still_urgent}
    return first | second | rest


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path

    def block(self, parent: Mapping[str, yamlfile.Node], key: str) -> Mapping[str, yamlfile.Node]:
        if key not in parent:
            raise CatalogueError(self.path, None, f"`{key}` is missing")
        return yamlfile.block(self.path, parent[key])

    def text(self, parent: Mapping[str, yamlfile.Node], key: str) -> str:
        if key not in parent:
            raise CatalogueError(self.path, None, f"`{key}` is missing")
        value = yamlfile.text(self.path, parent[key])
        for name in _PLACEHOLDER.findall(value):
            if name not in HOTLINES:
                raise CatalogueError(self.path, parent[key].line, f"`{{{name}}}` is no hotline")
        return value


def fill(text: str, hotlines: Mapping[str, str]) -> str:
    """Put the numbers in; a line the caller has no number for goes with the words that lead to it.

    Raises:
        UnknownReply: there is no 110 or 120.
    """
    gone = (HOTLINES - EMERGENCY) - hotlines.keys()
    try:
        return crisis_numbers.without(text, gone).format_map(hotlines)
    except KeyError as error:
        raise UnknownReply(f"no number for {error}") from error
