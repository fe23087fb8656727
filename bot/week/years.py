"""Which year a parent names: `2028年`, `28年`, `明年`, and the Cantonese `出年`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.text import normalise

_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Years:
    """years.yaml: the words for years near this one, and how the others are written."""

    near: Mapping[str, int]
    digits: Mapping[int, str]
    written: re.Pattern[str]

    def named(self, text: str, this_year: int) -> int | None:
        """Return the year the words name, or None; digits count before words."""
        plain = normalise(text)
        found = self.written.search(plain.translate(self.digits))
        if found is not None:
            return int(found[1]) if found[1] else _CENTURY + int(found[2])
        return next((this_year + n for word, n in self.near.items() if word in plain), None)


@cache
def years() -> Years:
    """Read years.yaml."""
    path = Path(__file__).with_name("years.yaml")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    four, two = (
        r"(?<![0-9])((?:19|20|21)[0-9]{2})(?![0-9])",
        rf"(?<![0-9])([0-9]{{2}}){data['unit']}",
    )
    return Years(
        near=data["near"],
        digits={ord(numeral): str(n) for n, numeral in enumerate(data["numerals"])},
        written=re.compile(f"{four}|{two}"),
    )
