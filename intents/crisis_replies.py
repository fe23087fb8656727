"""The fixed first and second replies to a crisis, with the numbers put in by the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from intents import crisis_numbers, yamlfile
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError, UnknownReply

FILE = Path(__file__).parent / "crisis" / "replies.yaml"
SEVERITIES = (3, 2, 1)
SPEAKERS = ("other", "self", "child")
CHOICES = (1, 2, 3)
HOTLINES = frozenset(
    ("hotline_110", "hotline_120", "hotline_12356", "hotline_12355", "hotline_12338")
)
#: These are never left out.
EMERGENCY = frozenset(("hotline_110", "hotline_120"))
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KEYS = frozenset(
    ("question", "choices", "first", "second", "second_child", "wrong", "still_urgent",
     "still_urgent_child")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replies:
    """All texts, placeholders still in them."""

    question: str
    first: Mapping[tuple[str, str, int], str]
    second: Mapping[tuple[str, int], str]
    second_child: Mapping[tuple[str, int], str]
    wrong: str
    still_urgent: str
    still_urgent_child: str


def load(path: Path) -> Replies:
    """Read the texts; every category, speaker, severity and choice must be there.

    Raises:
        CatalogueError: a text is missing, or has a placeholder that is no hotline.
    """
    top = yamlfile.block(path, yamlfile.read(path), _KEYS)
    reader = _Reader(path)
    choices = yamlfile.block(path, top["choices"])
    lines = [f"{number} {reader.text(choices, str(number))}" for number in CHOICES]
    first = yamlfile.block(path, top["first"])
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
        second=reader.second(top, "second"),
        second_child=reader.second(top, "second_child"),
        wrong=reader.text(top, "wrong"),
        still_urgent=reader.text(top, "still_urgent"),
        still_urgent_child=reader.text(top, "still_urgent_child"),
    )


@cache
def texts(path: Path = FILE) -> Mapping[str, str]:
    """Return every text that clinician and lawyer sign, by an id that stays the same.

    The ids read `first.<category>.<speaker>.<severity>`, `second.<category>.<choice>`,
    `second_child.<category>.<choice>`, `question`, `wrong`, `still_urgent` and
    `still_urgent_child`; placeholders of numbers are still in the texts.

    Raises:
        CatalogueError: the file is faulty.
    """
    replies = load(path)
    found = {f"first.{c}.{who}.{n}": text for (c, who, n), text in replies.first.items()}
    found |= {f"second.{c}.{n}": text for (c, n), text in replies.second.items()}
    found |= {f"second_child.{c}.{n}": text for (c, n), text in replies.second_child.items()}
    for name in ("question", "wrong", "still_urgent", "still_urgent_child"):
        found[name] = getattr(replies, name)
    return MappingProxyType(found)


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

    def second(self, top: Mapping[str, yamlfile.Node], name: str) -> dict[tuple[str, int], str]:
        by_category = yamlfile.block(self.path, top[name])
        return {
            (category, choice): self.text(self.block(by_category, category), str(choice))
            for category in CATEGORIES
            for choice in (1, 2)
        }


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
