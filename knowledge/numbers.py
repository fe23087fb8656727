"""Numbers written out, so that `3年级` and `三年级`, `2岁` and `两岁`, `高3` and `高三` meet.

Only short numbers before or after a word of lexicon/numbers.yaml: years, phone numbers, sums and
marks above 99 stay as they are.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from knowledge.lexicons import LEXICON, Rule, either

_TEN = 10


@cache
def rule() -> Rule:
    """Return the rule that writes numbers out in normalised text.

    It begins with a digit, so that a text without one is only scanned.
    """
    known = yaml.load((LEXICON / "numbers.yaml").read_text("utf-8"), yaml.CSafeLoader)
    units = either([*known["counted"], *known["ordinal"]])
    grade = rf"(?<=[{known['grades']}][1-3])(?![0-9]|{either(known['measures'])})"
    until = rf"(?:[{known['until']} ][1-9]?[0-9](?![0-9]))?"  # `3到6岁`, `3-6岁`: the first, too
    counted = rf"(?<![0-9a-z][0-9])[0-9]?(?![0-9])(?={until}(?P<unit>{units}))"
    return Rule(re.compile(f"[0-9](?:{grade}|{counted})"), _Writer(known))


class _Writer:
    """Writes one number that was found."""

    def __init__(self, known: dict[str, Any]) -> None:
        self._numerals, self._two, self._rank = known["numerals"], known["two"], known["rank"]
        self._counted = frozenset(known["counted"])

    def __call__(self, found: re.Match[str]) -> str:
        digits = found[0]
        if digits != str(int(digits)):
            return digits  # `05` is no number of anything
        if digits == "2" and found["unit"] in self._counted and not self._is_ranked(found):
            return str(self._two)
        return self._written(int(digits))

    def _is_ranked(self, found: re.Match[str]) -> bool:
        return found.string.endswith(self._rank, 0, found.start())

    def _written(self, number: int) -> str:
        tens, ones = divmod(number, _TEN)
        if not tens:
            return str(self._numerals[ones])
        ten = self._numerals[_TEN]
        return (
            f"{self._numerals[tens] if tens > 1 else ''}{ten}{self._numerals[ones] if ones else ''}"
        )
