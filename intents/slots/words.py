"""Words that stand for a value, found in one pass: the longest first, harmless ones skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from intents import template, yamlfile
from intents.errors import CatalogueError, TemplateError
from knowledge.lexicons import either_by_first

#: A template may stand for this many words.
_MOST = 1000


class Found(NamedTuple):
    """A value and where its word stands."""

    value: str
    start: int
    end: int


class Words:
    """Words by value. A harmless word hides the shorter words inside it: 其中一 is no 中一."""

    def __init__(self, values: Mapping[str, str], harmless: Iterable[str] = ()) -> None:
        self.values = dict(values)
        self._pattern = re.compile(either_by_first({*values, *harmless})) if values else None

    def find(self, text: str) -> Iterator[Found]:
        """Yield what is found, from left to right."""
        if self._pattern is None:
            return
        values = self.values
        for match in self._pattern.finditer(text):
            value = values.get(match[0])
            if value is not None:
                yield Found(value, match.start(), match.end())

    def first(self, text: str) -> str | None:
        """Return the first value, or None."""
        return next((found.value for found in self.find(text)), None)


def expand(path: Path, node: yamlfile.Node) -> tuple[str, ...]:
    """Return every word of a template, or of a list of templates.

    Raises:
        CatalogueError: a template is faulty, or stands for too many words.
    """
    found: list[str] = []
    for source in yamlfile.texts(path, node):
        try:
            words = template.expand(template.parse(source.value.strip()), _MOST)
        except TemplateError as error:
            raise CatalogueError(path, source.line, str(error)) from error
        if words is None or "" in words:
            raise CatalogueError(path, source.line, f"`{source.value}` is no list of words")
        found += words
    return tuple(found)


def by_value(
    path: Path, node: yamlfile.Node, allowed: frozenset[str] | None = None
) -> dict[str, str]:
    """Return the value of every word of a block `value: template`.

    Raises:
        CatalogueError: a word has two values, or a value is not `allowed`.
    """
    values: dict[str, str] = {}
    for value, words in yamlfile.block(path, node, allowed).items():
        for word in expand(path, words):
            if values.setdefault(word, value) != value:
                raise CatalogueError(path, words.line, f"`{word}` is `{values[word]}` already")
    return values


def load(path: Path, allowed: frozenset[str] | None = None) -> Words:
    """Read a file of `words` by value and `harmless` words.

    Raises:
        CatalogueError: the file is faulty.
    """
    fields = yamlfile.block(path, yamlfile.read(path), frozenset(("words", "harmless")))
    harmless = expand(path, fields["harmless"]) if "harmless" in fields else ()
    return Words(by_value(path, fields["words"], allowed), harmless)
