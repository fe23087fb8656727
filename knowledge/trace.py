"""Where a normalised text came from: the slow path, for showing parents' own words.

`text.normalise` and `text.readings` are the fast path. Both paths apply the same rules in the same
order; the tests hold them equal for any text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge import text
from knowledge.lexicons import Rule

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trace:
    """A text made from the raw one; `spans` holds each character's slice (start, end) of `raw`."""

    raw: str
    text: str
    spans: tuple[Span, ...]

    def original(self, start: int, end: int) -> str:
        """Return what the parent wrote for the characters from `start` up to `end` of the text."""
        return self.raw[slice(*self._span(start, end))] if start < end else ""

    def places(self, feature: str) -> Iterator[Span]:
        """Yield the slice of the raw text behind every place where a feature stands."""
        at = self.text.find(feature) if feature else -1
        while at >= 0:
            yield self._span(at, at + len(feature))
            at = self.text.find(feature, at + 1)

    def apply(self, rules: Iterable[Rule]) -> Trace:
        """Return the trace of what these rules make of the text, one after the other."""
        traced = self
        for rule in rules:
            traced = traced._applied(rule)
        return traced

    def strip(self) -> Trace:
        """Return the trace without spaces at the ends."""
        start = len(self.text) - len(self.text.lstrip())
        stripped = self.text.strip()
        return Trace(self.raw, stripped, self.spans[start : start + len(stripped)])

    def _span(self, start: int, end: int) -> Span:
        return self.spans[start][0], self.spans[end - 1][1]

    def _applied(self, rule: Rule) -> Trace:
        parts: list[str] = []
        spans: list[Span] = []
        done = 0
        for found in rule.pattern.finditer(self.text):
            start, end = found.span()
            put = found.expand(rule.put) if isinstance(rule.put, str) else rule.put(found)
            parts += self.text[done:start], put
            spans += self.spans[done:start]
            # what replaces several characters comes from all of them
            same = put == found[0]
            spans += self.spans[start:end] if same else [self._span(start, end)] * len(put)
            done = end
        made = "".join([*parts, self.text[done:]])
        return Trace(self.raw, made, (*spans, *self.spans[done:]))


def trace(raw: str) -> Trace:
    """Return `text.normalise(raw)` with the slice of the raw text behind each character."""
    parts: list[str] = []
    spans: list[Span] = []
    for start, end in _clusters(raw):
        made = text.level(raw[start:end])
        parts.append(made)
        spans += [(start, end)] * len(made)
    return Trace(raw, "".join(parts), tuple(spans)).apply(text.RULES).strip()


def trace_readings(raw: str) -> tuple[Trace, Trace]:
    """Return `text.readings(text.normalise(raw))`, each with its slices of the raw text."""
    normalised = trace(raw)
    plain = normalised.apply(text.filler_rules()).strip()
    if not plain.text:
        plain = normalised
    return plain, plain.apply(text.mapping_rules())


def own_words(raw: str, feature: str) -> list[Span]:
    """Return the slices of the raw text a feature came from, in order.

    The second reading counts only where the first holds no such feature: `我们` stands behind the
    whole of `我哋`, but its `我` is the parent's own.
    """
    plain, mapped = trace_readings(raw)
    own = set(plain.places(feature))
    lent = {(a, b) for a, b in mapped.places(feature) if all(b <= c or d <= a for c, d in own)}
    return sorted(own | lent)


def _clusters(raw: str) -> Iterator[Span]:
    """Yield the parts of a text that become half-width (NFKC) each for itself."""
    start = 0
    for at in range(1, len(raw)):
        if _stands_apart(raw[start:at], raw[at]):
            yield start, at
            start = at
    if raw:
        yield start, len(raw)


def _stands_apart(before: str, char: str) -> bool:
    """Say whether a character is no mark and composes with nothing that stands before it."""
    if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]):
        return False
    both, apart = (unicodedata.normalize("NFKC", t) for t in (before + char, before))
    return both == apart + unicodedata.normalize("NFKC", char)
