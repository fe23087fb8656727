"""The children a message tells of: their age bands and grades, in the order they are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from intents import yamlfile
from intents.slots import words
from intents.slots.numerals import Numerals, numerals
from intents.slots.words import Words

_PATH = Path(__file__).with_name("ages.yaml")
BANDS = ("a0_3", "a3_6", "p_low", "p_high", "junior", "senior")
_MONTHS_A_YEAR = 12
#: A child of a grade may be one year younger, and so much older than its classmates.
_YOUNGER, _OLDER = 1, 2
_KEYS = frozenset(
    ("years", "oldest", "more", "units", "until", "below", "nominal", "called", "and", "alone",
     "rows", "months", "grades", "bands", "harmless")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """One naming of a child: where, the bands, a grade if it was one, the years if it was an age.

    `fits` are the ages a child of that grade or band may have.
    """

    start: int
    bands: tuple[str, ...]
    grade: str = ""
    years: int | None = None
    fits: range = range(0)


class Rows(NamedTuple):
    """Grades from one to another: how they are written, and the grades in their order."""

    pattern: re.Pattern[str]
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ages:
    """How ages are found: the words of grades and bands, and one expression for numbers."""

    words: Words
    grades: Mapping[str, tuple[str, int]]
    numbers: re.Pattern[str]
    rows: Rows
    units: tuple[str, ...]
    years: Mapping[str, int]
    oldest: int
    numerals: Numerals

    def find(self, normalised: str) -> tuple[str, ...]:
        """Return the age bands named, each once; two children give two bands.

        An age that fits a grade named beside it is the same child: 大班六岁 is `a3_6`. Whoever is
        `oldest` or older is no child.
        """
        bands = (band for child in self._children(normalised) for band in child.bands)
        return tuple(dict.fromkeys(bands))

    def find_grades(self, normalised: str) -> tuple[str, ...]:
        """Return the grades named, in order, each once."""
        named = sorted(self._words_in(normalised), key=lambda n: n.start)
        return tuple(dict.fromkeys(n.grade for n in named if n.grade))

    def _children(self, text: str) -> list[Named]:
        named = list(self._words_in(text))
        if any(unit in text for unit in self.units):
            numbers = list(self._numbers_in(text))
            named += [n for n in numbers if not any(n.years in w.fits for w in named)]
        return sorted(named, key=lambda n: n.start)

    def _words_in(self, text: str) -> Iterator[Named]:
        for value, start, _ in self.words.find(text):
            if value in self.grades:
                yield self._grade(value, start)
            else:
                yield Named(start, (value,), fits=self._range(value))
        for match in self.rows.pattern.finditer(text):
            first, last = (self.numerals.value(match[end]) for end in ("first", "last"))
            yield from (self._grade(g, match.start()) for g in self.rows.grades[first - 1 : last])

    def _grade(self, name: str, start: int) -> Named:
        band, years = self.grades[name]
        return Named(start, (band,), name, fits=range(years - _YOUNGER, years + _OLDER + 1))

    def _range(self, band: str) -> range:
        follows = {a: self.years[b] for a, b in pairwise(BANDS)}
        last = follows.get(band, self.oldest)
        return range(self.years[band] - _YOUNGER, last + _YOUNGER)

    def _numbers_in(self, text: str) -> Iterator[Named]:
        for match in self.numbers.finditer(text):
            years = self._years(match)
            if years < self.oldest:
                low = self.numerals.value(match["low"]) if match["low"] else years
                yield Named(match.start(), self._bands(low, years), years=years)

    def _years(self, match: re.Match[str]) -> int:
        months = match["months"] or match["own_months"]
        if months:
            return self.numerals.value(months) // _MONTHS_A_YEAR
        if match["alone"]:
            return 1
        years = self.numerals.value(match["number"] or match["called"])
        less = match["nominal"] or match["nominal_unit"] or match["below"] or match["called"]
        return max(0, years - 1) if less else years

    def _bands(self, low: int, high: int) -> tuple[str, ...]:
        """Return the band of an age, or of every age in a range (its end not counted)."""
        ages = range(low, high) if low < high else (high,)
        bands = (next(b for b in reversed(BANDS) if years >= self.years[b]) for years in ages)
        return tuple(dict.fromkeys(bands))


def load_ages(path: Path = _PATH) -> Ages:
    """Read how ages are named.

    Raises:
        CatalogueError: the file is faulty.
    """
    fields = yamlfile.block(path, yamlfile.read(path), _KEYS)
    values = words.by_value(path, fields["bands"], frozenset(BANDS))
    grades: dict[str, tuple[str, int]] = {}
    for grade, node in yamlfile.block(path, fields["grades"]).items():
        entry = yamlfile.block(path, node, frozenset(("band", "years", "words")))
        band = yamlfile.choice(path, entry["band"], frozenset(BANDS))
        grades[grade] = band, int(yamlfile.text(path, entry["years"]))
        values |= dict.fromkeys(words.expand(path, entry["words"]), grade)
    units = yamlfile.block(path, fields["units"], frozenset(("year", "month"))).values()
    years = yamlfile.block(path, fields["years"], frozenset(BANDS)).items()
    return Ages(
        words=Words(values, words.expand(path, fields["harmless"])),
        grades=grades,
        numbers=re.compile(_expression(path, fields, numerals().regex)),
        rows=_rows(path, fields["rows"]),
        units=tuple(
            unit for node in (*units, fields["nominal"]) for unit in words.expand(path, node)
        ),
        years={name: int(yamlfile.text(path, value)) for name, value in years},
        oldest=int(yamlfile.text(path, fields["oldest"])),
        numerals=numerals(),
    )


def _rows(path: Path, node: yamlfile.Node) -> Rows:
    fields = yamlfile.block(path, node, frozenset(("not_after", "until", "ends", "grades")))
    until, ends = (_any(path, fields[key]) for key in ("until", "ends"))
    written = "".join(c for c in numerals().characters if not c.isdecimal())
    # digits stand apart: 12年级 is one grade, 一二年级 are two
    between = f"(?:{until}|(?<=[{written}])[{written}]*(?=[{written}]))"
    one = f"[1-9{written}]"
    apart = f"(?<![0-9{written}{yamlfile.text(path, fields['not_after'])}].)"
    source = f"(?P<first>{one}){apart}{between}(?P<last>{one}){ends}"
    return Rows(re.compile(source), tuple(yamlfile.text(path, fields["grades"]).split()))


def _expression(path: Path, fields: Mapping[str, yamlfile.Node], number: str) -> str:
    sources = (
        _years(path, fields, number),
        _bare(path, fields, number),
        *_months(path, fields, number),
    )
    begins = "".join(sorted(numerals().characters))
    for node in (fields["nominal"], yamlfile.block(path, fields["alone"])["words"]):
        begins += "".join(word[0] for word in yamlfile.text(path, node).split("|"))
    return f"(?=[{begins}])(?:{'|'.join(sources)})"


def _years(path: Path, fields: Mapping[str, yamlfile.Node], number: str) -> str:
    """Return the expression of years with their unit, or with a word for 虚岁 on either side."""
    units = yamlfile.block(path, fields["units"], frozenset(("year", "month")))
    year, month = (_any(path, units[key]) for key in ("year", "month"))
    nominal, more, until, below, and_ = (
        _any(path, fields[key]) for key in ("nominal", "more", "until", "below", "and")
    )
    return (
        f"(?P<nominal>{nominal})?(?:(?P<low>{number}){until}(?={number}))?(?P<number>{number})"
        f"{more}?(?:(?P<nominal_unit>{nominal})"
        f"|{year}(?P<below>{below})?(?:{and_}?{number}{month})?)"
    )


def _bare(path: Path, fields: Mapping[str, yamlfile.Node], number: str) -> str:
    """Return the expression of a number that needs no unit, and of a unit without a number."""
    nominal, called = (_any(path, fields[key]) for key in ("nominal", "called"))
    alone = yamlfile.block(path, fields["alone"], frozenset(("words", "not_after")))
    after = _any(path, alone["not_after"])[3:-1]
    digits = "".join(sorted(numerals().characters))
    return (
        f"{nominal}{called}?(?P<called>{number})"
        f"|(?<![{digits}])(?<!{after})(?P<alone>{_any(path, alone['words'])})"
    )


def _months(path: Path, fields: Mapping[str, yamlfile.Node], number: str) -> tuple[str, str]:
    units = yamlfile.block(path, fields["units"], frozenset(("year", "month")))
    month = _any(path, units["month"])
    keys = ("beside", "not_after", "not_before")
    spans = yamlfile.block(path, fields["months"], frozenset(keys))
    beside, after, before = ([t.value for t in yamlfile.texts(path, spans[key])] for key in keys)
    own = f"(?:{'|'.join(f'(?<={word})' for word in beside)})"
    free = "".join(f"(?<!{word})" for word in after)
    return (
        f"{own}(?P<own_months>{number}){month}",
        f"{free}(?P<months>{number}){month}(?!{'|'.join(before)})",
    )


def _any(path: Path, node: yamlfile.Node) -> str:
    return f"(?:{'|'.join(yamlfile.text(path, node).split('|'))})"
