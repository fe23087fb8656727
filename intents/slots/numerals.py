"""Numbers from 0 to 99 as people write them: 12, 十二, 二十, 廿三; of 七八 the first counts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from intents import yamlfile

_PATH = Path(__file__).with_name("numerals.yaml")
_KEYS = frozenset(("digits", "ten", "twenty", "rough"))
_TEN = 10


class Numerals:
    """Numbers in digits and in words."""

    def __init__(self, digits: dict[str, int], ten: str, twenty: str, rough: list[str]) -> None:
        self._digits, self._ten, self._twenty = digits, ten, twenty
        one = f"(?:{'|'.join(rough)}|[{''.join(digits)}])"
        #: The characters a number may begin with.
        self.characters = frozenset("0123456789") | frozenset(digits) | {ten, twenty}
        #: Matches one number; without a number's character in front it fails at once.
        self.regex = (
            f"(?:[0-9]{{1,2}}(?![0-9])|(?=[{''.join(digits)}{ten}{twenty}])"
            f"(?:{one}?{ten}{one}?|{twenty}{one}?|{one}))"
        )

    def value(self, text: str) -> int:
        """Return the number that `regex` matched."""
        if text.isdecimal():
            return int(text)
        if text.startswith(self._twenty):
            return 2 * _TEN + self._digits.get(text[1:2], 0)
        tens, ten, ones = text.partition(self._ten)
        unit = self._digits.get(ones[:1], 0)
        return self._digits.get(tens[-1:], 1) * _TEN + unit if ten else self._digits[tens[:1]]


@cache
def numerals() -> Numerals:
    """Return the numbers of numerals.yaml."""
    fields = yamlfile.block(_PATH, yamlfile.read(_PATH), _KEYS)
    pairs = yamlfile.block(_PATH, fields["digits"]).items()
    digits = {name: int(yamlfile.text(_PATH, value)) for name, value in pairs}
    ten, twenty = (yamlfile.text(_PATH, fields[key]) for key in ("ten", "twenty"))
    return Numerals(digits, ten, twenty, [t.value for t in yamlfile.texts(_PATH, fields["rough"])])
