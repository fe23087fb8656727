"""What a message says beside its intent: a number chosen, the ages of the children."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import template, yamlfile
from intents.errors import CatalogueError, TemplateError

FOLDER = Path(__file__).parent / "slots"
BANDS = ("a0_3", "a3_6", "p_low", "p_high", "junior", "senior")
_MONTHS_A_YEAR = 12
_TEN = 10
_KEYS = frozenset(("years", "oldest", "numerals", "more", "ten", "units", "nominal", "words"))


@dataclass(frozen=True, slots=True)
class Ages:
    """How ages are found: one expression for grades and ages, and what its groups mean."""

    expression: re.Pattern[str]
    numerals: Mapping[str, int]
    ten: str
    years: Mapping[str, int]
    oldest: int

    def find(self, normalised: str) -> tuple[str, ...]:
        """Return the age bands named, in order, each once; two children give two bands.

        A grade counts before an age: a child of six in the last kindergarten year is `a3_6`.
        Whoever is `oldest` or older is no child.
        """
        grades: list[str] = []
        ages: list[str] = []
        for match in self.expression.finditer(normalised):
            if match.lastgroup in BANDS:
                grades.append(str(match.lastgroup))
            elif band := self._band(match):
                ages.append(band)
        return tuple(dict.fromkeys(grades if len(grades) >= len(ages) else ages))

    def _band(self, match: re.Match[str]) -> str | None:
        number = self._number(match["number"])
        years = number // _MONTHS_A_YEAR if match["month"] else number
        if match["nominal"] or match["nominal_unit"]:
            years = max(0, years - 1)
        if years >= self.oldest:
            return None
        return next((b for b in reversed(BANDS) if years >= self.years[b]), None)

    def _number(self, text: str) -> int:
        if text.isdecimal():
            return int(text)
        tens, ten, ones = text.rpartition(self.ten)
        unit = self.numerals.get(ones[:1], 0)
        return self.numerals.get(tens, 1) * _TEN + unit if ten else unit


def load_ages(path: Path = FOLDER / "ages.yaml") -> Ages:
    """Read how ages are named.

    Raises:
        CatalogueError: the file is faulty.
    """
    fields = yamlfile.block(path, yamlfile.read(path), _KEYS)
    numerals, years = _numbers(path, fields["numerals"]), _numbers(path, fields["years"])
    return Ages(
        expression=_expression(path, fields, "".join(numerals)),
        numerals=numerals,
        ten=yamlfile.text(path, fields["ten"]),
        years=years,
        oldest=int(yamlfile.text(path, fields["oldest"])),
    )


def _expression(path: Path, fields: Mapping[str, yamlfile.Node], numerals: str) -> re.Pattern[str]:
    words = yamlfile.block(path, fields["words"], frozenset(BANDS))
    units = yamlfile.block(path, fields["units"], frozenset(("year", "month")))
    nominal, more = _regex(path, fields["nominal"]), _regex(path, fields["more"])
    year, month = _regex(path, units["year"]), _regex(path, units["month"])
    number = f"(?P<nominal>{nominal})?(?P<number>[0-9]{{1,2}}|[{numerals}]{{1,3}})(?:{more})?"
    unit = f"(?:(?P<nominal_unit>{nominal})|(?P<month>{month})|{year})"
    bands = [f"(?P<{band}>{_regex(path, node)})" for band, node in words.items()]
    return re.compile("|".join([*bands, number + unit]))


def load_choices(path: Path = FOLDER / "choice.yaml") -> dict[str, int]:
    """Read the ways of writing the numbers people choose with.

    Raises:
        CatalogueError: the file is faulty, or one way of writing stands for two numbers.
    """
    found: dict[str, int] = {}
    for value, node in yamlfile.read(path).items.items():
        for written in yamlfile.text(path, node).split("|"):
            if not value.isdecimal() or written in found:
                raise CatalogueError(path, node.line, f"`{written}` is not one number")
            found[written] = int(value)
    return found


def _numbers(path: Path, node: yamlfile.Node) -> dict[str, int]:
    pairs = yamlfile.block(path, node).items()
    return {name: int(yamlfile.text(path, value)) for name, value in pairs}


def _regex(path: Path, node: yamlfile.Node) -> str:
    try:
        return template.regex(template.parse(yamlfile.text(path, node)))
    except TemplateError as error:
        raise CatalogueError(path, node.line, str(error)) from error
