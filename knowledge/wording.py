"""What is wrong with a text of a lesson as parents read it: words, marks, signs, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge import forbidden, hotlines

_PATH = Path(__file__).parent / "courses.yaml"
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_WIDE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_HALF = re.compile(rf"(?<={_WIDE})[,;:?!().]|[,;:?!()](?={_WIDE})|\.\.\.")
_QUOTES = re.compile("[\"'\u201c\u201d\u2018\u2019]")
_LINK = re.compile(r"https?:|www\.|!?\[[^\]]*\]\(|</?[A-Za-z!][^>]*>|&[a-z]+;")
_MARK = re.compile(r"\*\*|__|`|^\s*(?:#{1,6} |> |[*+•] |\d+\. |\|)", re.MULTILINE)
_PHONE = re.compile(r"\d{5,}|\d{3,4}-\d{7,8}|\d{3}-\d{3,4}-\d{4}")
_DIGITS = re.compile(r"\d+(?:-\d+)*")
_OPEN, _CLOSE = "\u300c\u300d"
_PICTURES = 0x1F000
_SELECTOR = "\ufe0f"

#: A rule yields a sentence for each fault of a text.
Rule = Callable[[str], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything of courses.yaml that is no ban."""

    programmes: tuple[str, ...]
    tonight: tuple[str, ...]
    help: tuple[str, ...]


@cache
def words() -> Words:
    """Return the word lists of the courses."""
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return Words(*(tuple(data[name]) for name in ("programmes", "tonight", "help")))


def size(text: str) -> int:
    """Return how many characters a parent sees, white space left out, hotlines filled in."""
    return len("".join(hotlines.fill(text).split()))


def says(text: str) -> bool:
    """Tell whether words to say stand in the text, in corner brackets."""
    return bool(re.search(f"{_OPEN}[^{_OPEN}{_CLOSE}]+{_CLOSE}", text))


def offers_help(text: str) -> bool:
    """Tell whether the text says whom to turn to."""
    return "{{hotline:" in text or any(word in text for word in words().help)


def problems(text: str) -> Iterator[str]:
    """Yield a sentence for each fault of the text."""
    for rule in _RULES:
        yield from rule(text)


def _bans(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for ban in (*forbidden.words().bans, *forbidden.words(_PATH).bans):
            for word in ban.broken_by(line):
                yield f"`{word}` must not stand in a lesson ({ban.reason})"


def _marks(text: str) -> Iterator[str]:
    for pattern, name in ((_LINK, "a link or HTML"), (_MARK, "a mark of Markdown")):
        found = pattern.search(text)
        if found:
            yield f"`{found[0].strip()}` is {name}"


def _emoji(text: str) -> Iterator[str]:
    for sign in dict.fromkeys(text):
        if ord(sign) >= _PICTURES or sign == _SELECTOR or unicodedata.category(sign) == "So":
            yield f"`{sign}` is a picture"


def _punctuation(text: str) -> Iterator[str]:
    plain = _PLACEHOLDER.sub(" ", text)
    found = _HALF.search(plain)
    if found:
        near = plain[max(0, found.start() - 4) : found.end() + 4].strip()
        yield f"`{found[0]}` in `{near}` must be full-width"
    if _QUOTES.search(plain):
        yield f"words to say stand in {_OPEN}{_CLOSE}, no other quotes"


def _brackets(text: str) -> Iterator[str]:
    inside = "".join(sign for sign in text if sign in (_OPEN, _CLOSE))
    if inside.replace(_OPEN + _CLOSE, ""):
        yield f"{_OPEN}{_CLOSE} do not come in pairs"


def _numbers(text: str) -> Iterator[str]:
    yield from hotlines.faults(text)
    for number in _DIGITS.findall(_PLACEHOLDER.sub(" ", text)):
        if number in hotlines.hotlines() or _PHONE.fullmatch(number):
            yield f"{number} looks like a phone number; write {{{{hotline:…}}}}"


_RULES: tuple[Rule, ...] = (_bans, _marks, _emoji, _punctuation, _brackets, _numbers)
