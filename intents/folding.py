"""One spelling for many: Cantonese, slips, pupils' ciphers, folded before the rules look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import yamlfile
from intents.errors import CatalogueError, TemplateError
from knowledge.lexicons import either_by_first

#: A space beside a single character is no clause border: people write `不 想 活` and `不.想.活`.
_LONE = re.compile(r"(?<![^ ][^ ]) | (?![^ ][^ ])")
#: What harmless words that look like alarms are folded to (U+3007).
HARMLESS = "\u3007"
_PIECE = 2
_KEYS = frozenset(("words", "characters", "common"))


@dataclass(frozen=True, slots=True)
class Folding:
    """Replacements of words, then of characters; `common` are characters that tell nothing.

    `variants` finds whether there is a character to replace: mostly there is none.
    """

    table: Mapping[str, str]
    pattern: re.Pattern[str]
    characters: Mapping[int, str]
    variants: re.Pattern[str]
    common: frozenset[str]

    def words(self, text: str) -> str:
        """Return normalised text in the one spelling; spaces stay."""
        table = self.table
        text = self.pattern.sub(lambda m: table[m.group()], text)
        return text.translate(self.characters) if self.variants.search(text) else text

    def literal(self, text: str) -> str:
        """Return a piece of a rule in the one spelling.

        Raises:
            TemplateError: it contains a harmless word, so the rule would match every other one.
        """
        folded = self.words(text)
        if HARMLESS in folded:
            raise TemplateError(f"`{text}` contains a word folded away as harmless")
        return folded

    def fold(self, text: str) -> str:
        """Return a normalised message in the one spelling, no spaces beside lone characters."""
        borders = text.count(" ")
        if borders:
            # In short pieces a space is a pause, not a border.
            short = len(text) - borders <= _PIECE * (borders + 1)
            text = text.replace(" ", "") if short else _LONE.sub("", text)
        return self.words(text)


def load(path: Path) -> Folding:
    """Read the folding file: `words` and `characters` map the target to its variants.

    Raises:
        CatalogueError: a variant has two targets, or more than one character where it must not.
    """
    fields = yamlfile.block(path, yamlfile.read(path), _KEYS)
    table = _variants(path, fields["words"])
    characters = _variants(path, fields["characters"])
    if any(len(c) > 1 for c in characters):
        raise CatalogueError(path, fields["characters"].line, "one character each")
    common = frozenset(yamlfile.text(path, fields["common"]))
    pattern, variants = (re.compile(either_by_first(each)) for each in (table, characters))
    return Folding(table, pattern, str.maketrans(characters), variants, common)


def _variants(path: Path, node: yamlfile.Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for target, variants in yamlfile.block(path, node).items():
        for variant in yamlfile.text(path, variants).split():
            if variant in found:
                raise CatalogueError(path, variants.line, f"`{variant}` has two targets")
            found[variant] = target
    return found
