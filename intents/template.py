"""Sentence templates: parse, expand to whole sentences, turn into a regular expression.

`[x]` may be missing, `(a|b)` is one of several, `{name}` is a named list, `~6` is a gap of at most
six characters inside a clause and `~~6` across clauses, `{not after a|b}` and `{not before a|b}`
look around without taking part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from intents.errors import TemplateError

_STOPS = frozenset("()[]{}|~")
_PLAIN = re.compile(r"[0-9a-z\u3400-\u4dbf\u4e00-\u9fff\u3007 ^$|]+")
#: `(a|b|c)` without anything inside is the common case and is read in one step.
_FLAT = re.compile(r"[^()\[\]{}~]+")
_CLOSERS = (")", "]", "")


@dataclass(frozen=True, slots=True)
class Literal:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` characters; `across` clause borders (spaces) or not."""

    most: int
    across: bool


@dataclass(frozen=True, slots=True)
class Around:
    """A look at the neighbours: `before` looks ahead, otherwise behind."""

    words: tuple[str, ...]
    before: bool


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A list by its name; its expression is written once."""

    name: str
    part: Part
    regex: str


Part: TypeAlias = Literal | Gap | Around | Either | Chain | Named
EMPTY = Literal("")


@dataclass(slots=True)
class _Reader:
    source: str
    lists: Mapping[str, Named]
    fold: Callable[[str], str]
    at: int = 0

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def take_until(self, stop: str) -> str:
        end = self.source.find(stop, self.at)
        if end < 0:
            raise TemplateError(f"`{self.source}`: `{stop}` is missing")
        taken, self.at = self.source[self.at : end], end + 1
        return taken


def parse(
    source: str, lists: Mapping[str, Named] | None = None, fold: Callable[[str], str] = str
) -> Part:
    """Return the template's tree; `fold` is applied to every piece of plain text.

    Raises:
        TemplateError: a bracket without its partner, or a list nobody defined.
    """
    reader = _Reader(source, lists or {}, fold)
    part = _either(reader)
    if reader.peek():
        raise TemplateError(f"`{source}`: stray `{reader.peek()}`")
    return part


def _either(reader: _Reader) -> Part:
    flat = _FLAT.match(reader.source, reader.at)
    if flat and reader.source[flat.end() : flat.end() + 1] in _CLOSERS:
        reader.at = flat.end()
        words = reader.fold(_checked(reader, flat.group())).split("|")
        return Literal(words[0]) if len(words) == 1 else Either(tuple(map(Literal, words)))
    options = [_chain(reader)]
    while reader.peek() == "|":
        reader.at += 1
        options.append(_chain(reader))
    return options[0] if len(options) == 1 else Either(tuple(options))


def _chain(reader: _Reader) -> Part:
    parts: list[Part] = []
    while (char := reader.peek()) and char not in ")]|":
        parts.append(_part(reader, char))
    return parts[0] if len(parts) == 1 else Chain(tuple(parts))


def _part(reader: _Reader, char: str) -> Part:
    if char in "([":
        reader.at += 1
        inner = _either(reader)
        if reader.peek() != (")" if char == "(" else "]"):
            raise TemplateError(f"`{reader.source}`: `{char}` is never closed")
        reader.at += 1
        return inner if char == "(" else Either((inner, EMPTY))
    if char == "{":
        reader.at += 1
        return _named(reader, reader.take_until("}"))
    if char == "~":
        return _gap(reader)
    if char == "}":
        raise TemplateError(f"`{reader.source}`: stray `}}`")
    start = reader.at
    while (following := reader.peek()) and following not in _STOPS:
        reader.at += 1
    return Literal(reader.fold(_checked(reader, reader.source[start : reader.at])))


def _checked(reader: _Reader, plain: str) -> str:
    if not _PLAIN.fullmatch(plain):
        raise TemplateError(f"`{reader.source}`: `{plain}` is not normalised text")
    return plain


def _named(reader: _Reader, name: str) -> Part:
    for word, before in (("not before ", True), ("not after ", False)):
        if name.startswith(word):
            words = name.removeprefix(word).split("|")
            return Around(tuple(reader.fold(w) for w in words), before)
    if name not in reader.lists:
        raise TemplateError(f"`{reader.source}`: no list is called `{name}`")
    return reader.lists[name]


def _gap(reader: _Reader) -> Gap:
    reader.at += 1
    across = reader.peek() == "~"
    reader.at += across
    start = reader.at
    while reader.peek().isdigit():
        reader.at += 1
    if start == reader.at:
        raise TemplateError(f"`{reader.source}`: a gap needs its length, as in `~4`")
    return Gap(int(reader.source[start : reader.at]), across)


def named(name: str, part: Part, *, capture: bool = False) -> Named:
    """Return a list to refer to; `capture` keeps what it matched under its name."""
    source = regex(part)
    return Named(name, part, f"(?P<{name}>{source})" if capture else source)


def regex(part: Part) -> str:
    """Return the regular expression of a template; normalised text needs no escaping."""
    match part:
        case Literal(source) | Named(regex=source):
            return source
        case Gap(most, across):
            return f"{'.' if across else '[^ ]'}{{0,{most}}}?"
        case Around():
            return _around(part)
        case Either(options):
            return f"(?:{'|'.join(regex(o) for o in options)})"
        case Chain(parts):
            return "".join(regex(p) for p in parts)


def _around(part: Around) -> str:
    if part.before:
        return f"(?!{'|'.join(part.words)})"
    return "".join(f"(?<!{word})" for word in part.words)


def characters(part: Part) -> frozenset[str] | None:
    """Return the characters of which every match consists, or None: a gap holds any."""
    match part:
        case Literal(text):
            return frozenset(text)
        case Gap():
            return None
        case Around():
            return frozenset()
        case Named(part=inner):
            return characters(inner)
        case Either(parts) | Chain(parts):
            each = [characters(p) for p in parts]
            known = [c for c in each if c is not None]
            return frozenset().union(*known) if len(known) == len(each) else None


def expand(part: Part, most: int) -> dict[str, tuple[tuple[str, str], ...]] | None:
    """Return every sentence of a template with the list values it used, or None.

    None: the template has a gap or a look-around, or more than `most` sentences.
    """
    match part:
        case Literal(text):
            return {text: ()}
        case Gap() | Around():
            return None
        case Named(name, inner, _):
            plain = expand(inner, most)
            return None if plain is None else {s: (*v, (name, s)) for s, v in plain.items()}
        case Either(options):
            return _expand_either(options, most)
        case Chain(parts):
            return _expand_chain(parts, most)


def _expand_either(
    options: tuple[Part, ...], most: int
) -> dict[str, tuple[tuple[str, str], ...]] | None:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for option in options:
        sentences = expand(option, most)
        if sentences is None or len(found) + len(sentences) > most:
            return None
        found |= sentences
    return found


def _expand_chain(
    parts: tuple[Part, ...], most: int
) -> dict[str, tuple[tuple[str, str], ...]] | None:
    found: dict[str, tuple[tuple[str, str], ...]] = {"": ()}
    for part in parts:
        sentences = expand(part, most)
        if sentences is None or len(found) * len(sentences) > most:
            return None
        pairs = product(found.items(), sentences.items())
        found = {a + b: (*u, *v) for (a, u), (b, v) in pairs}
    return found
