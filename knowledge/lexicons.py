"""The reviewed word lists: read with file and line, and replacements found by one pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from knowledge.errors import FileFault

LEXICON = Path(__file__).parent / "lexicon"


class Rule(NamedTuple):
    """What is looked for in a text, and what is put in its place."""

    pattern: re.Pattern[str]
    put: str | Callable[[re.Match[str]], str]

    def apply(self, text: str) -> str:
        """Return the text with everything that is found replaced; the very same if nothing is."""
        return text if self.pattern.search(text) is None else self.pattern.sub(self.put, text)


def read_pairs(path: Path) -> dict[str, str]:
    """Read a lexicon file: one `variant TAB word` a line, `#` begins a comment.

    Raises:
        FileFault: a line has not two fields, or repeats a variant.
    """
    pairs: dict[str, str] = {}
    for number, line in _lines(path):
        variant, tab, word = line.partition("\t")
        if not (tab and variant.strip() and word.strip()) or "\t" in word:
            raise FileFault(path, number, "expected `variant TAB word`")
        if variant in pairs:
            raise FileFault(path, number, f"`{variant}` stands here a second time")
        pairs[variant] = word.strip()
    return pairs


def read_words(path: Path) -> list[str]:
    """Read a word list: one word a line, `#` begins a comment.

    Raises:
        FileFault: a line holds more than one word.
    """
    words = []
    for number, line in _lines(path):
        if len(line.split()) != 1:
            raise FileFault(path, number, "expected one word a line")
        words.append(line.strip())
    return words


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileFault(path, None, "is not UTF-8") from error
    except OSError as error:
        raise FileFault(path, None, f"cannot be read ({error.strerror})") from error
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def either(listed: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(listed, key=lambda word: (-len(word), word))))


def either_by_first(listed: Iterable[str]) -> str:
    """Return the same pattern grouped by first character, so that most positions fail at once."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(listed, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(c)}(?:{'|'.join(rest)})" for c, rest in sorted(by_first.items()))


class Lexicon:
    """Replacements, longest first; one pattern, grouped by first character, finds them in C."""

    def __init__(self, pairs: dict[str, str]) -> None:
        self.rule = Rule(re.compile(either_by_first(pairs)), lambda found: pairs[found[0]])

    def apply(self, text: str) -> str:
        """Return the text with every variant replaced by its word, left to right."""
        return self.rule.apply(text)


@cache
def lexicon(name: str) -> Lexicon:
    """Return the lexicon `yue` or `typos`, or `all` for both and the synonyms."""
    names = ("synonyms", "typos", "yue") if name == "all" else (name,)
    pairs: dict[str, str] = {}
    for each in names:
        pairs |= read_pairs(LEXICON / f"{each}.tsv")
    return Lexicon(pairs)
