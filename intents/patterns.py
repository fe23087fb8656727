"""Sentence patterns of the intents: a dictionary of whole sentences, then a few expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from intents import needles, template
from intents.catalogue import Catalogue, Source
from intents.errors import CatalogueError, TemplateError
from intents.template import Part
from knowledge.lexicons import either_by_first

#: A template with more sentences than this stays an expression; 20,000 cost 10 ms at start.
_MOST = 300
#: Commands are short; a longer message is a question.
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Match:
    """An intent, the list values its pattern used, and where the pattern stands."""

    intent: str
    values: tuple[tuple[str, str], ...]
    rule: str
    confidence: float


class Patterns:
    """All patterns of a catalogue. A message must match as a whole, so `好累` is no `好`."""

    def __init__(self, catalogue: Catalogue, lists: Mapping[str, Part]) -> None:
        self._lists = {name: template.named(name, p, capture=True) for name, p in lists.items()}
        for name, source in catalogue.lists.items():
            self._lists[name] = template.named(name, self._parse(source))
        self._worth = needles.Worth(catalogue.common, frozenset(catalogue.lists))
        self._whole: dict[str, Match] = {}
        self._expressions: list[tuple[re.Pattern[str], Match]] = []
        # a message with another letter than these matches only a pattern with a gap, if any
        self._letters: set[str] = set()
        self._open_words: set[str] = set()
        words: dict[int, frozenset[str]] = {}
        for intent in catalogue.intents.values():
            for source in intent.patterns:
                self._add(intent.name, source, words)
        self._finder = needles.Finder(words)
        self._lead_ins = self._words(catalogue.lead_ins)
        self._tails = self._words(catalogue.tails)
        self._letters.update(*self._whole, *self._lead_ins, *self._tails)
        self._open = re.compile(either_by_first(self._open_words) or "(?!)")

    def match(self, normalised: str) -> Match | None:
        """Return the intent whose pattern is the whole message, or None."""
        if len(normalised) > LONGEST:
            return None
        text = normalised.replace(" ", "")
        if not (self._letters.issuperset(text) or self._open.search(text)):
            return None
        keys = self._finder.keys(text)
        found = self._find(text, keys)
        if found is not None:
            return found
        shorter = (self._find(bare, keys) for bare in self._bare(text))
        return next((match for match in shorter if match is not None), None)

    def _find(self, text: str, keys: list[int]) -> Match | None:
        whole = self._whole.get(text)
        if whole is not None:
            return whole
        for at in keys:
            expression, match = self._expressions[at]
            if found := expression.fullmatch(text):
                return replace(match, values=tuple(found.groupdict().items()))
        return None

    def _bare(self, text: str) -> Iterator[str]:
        """Yield the text without polite words before it, then with ever fewer behind it."""
        while text:
            start = text
            while start.startswith(self._lead_ins):
                start = start[_longest(w for w in self._lead_ins if start.startswith(w)) :]
                yield start
            if not text.endswith(self._tails):
                return
            text = text[: -_longest(t for t in self._tails if text.endswith(t))]
            yield text

    def _words(self, source: Source) -> tuple[str, ...]:
        return tuple(template.expand(self._parse(source), _MOST) or ())

    def _add(self, intent: str, source: Source, words: dict[int, frozenset[str]]) -> None:
        part = self._parse(source)
        rule = f"{intent}:{source.line}"
        sentences = template.expand(part, _MOST)
        if sentences is None:
            telling = needles.find(part, self._worth)
            if telling is None:
                raise CatalogueError(source.path, source.line, "the pattern has no telling word")
            letters = template.characters(part)
            self._letters |= letters or frozenset()
            self._open_words |= telling if letters is None else frozenset()
            words[len(self._expressions)] = telling
            expression = re.compile(template.regex(part))
            self._expressions.append((expression, Match(intent, (), rule, 0.9)))
            return
        for sentence, values in sentences.items():
            other = self._whole.get(sentence)
            if other is not None and other.intent != intent:
                raise CatalogueError(
                    source.path, source.line, f"`{sentence}` belongs to {other.rule} already"
                )
            self._whole[sentence] = Match(intent, values, rule, 1.0)

    def _parse(self, source: Source) -> Part:
        try:
            return template.parse(source.text, self._lists)
        except TemplateError as error:
            raise CatalogueError(source.path, source.line, str(error)) from error


def _longest(words: Iterable[str]) -> int:
    return max(len(word) for word in words)
