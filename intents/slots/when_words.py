"""How moments are named: the words of when.yaml, and the expressions made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import yamlfile

_TABLES = (
    "days", "days_and_parts", "parts", "short_parts", "weeks", "weekdays", "quarters", "units",
    "events", "sides",
)  # fmt: skip
_WORDS = (
    "week", "month", "day", "hour", "half", "and_half", "minute", "whole", "rank", "later", "wait",
)  # fmt: skip
_LISTS = ("past", "not_weekday", "not_day", "little", "not_hour")


@dataclass(frozen=True, slots=True)
class Fields:
    """The words of when.yaml: tables map a word to its value."""

    tables: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]
    lists: Mapping[str, list[str]]

    def group(self, name: str, table: str) -> str:
        """Return a named group of a table's words."""
        return _group(name, self.tables[table])


def load(path: Path) -> Fields:
    """Read how moments are named.

    Raises:
        CatalogueError: the file is faulty.
    """
    known = frozenset((*_TABLES, *_WORDS, *_LISTS))
    fields = yamlfile.block(path, yamlfile.read(path), known)
    tables = {name: _table(path, fields[name]) for name in _TABLES}
    words = {name: yamlfile.text(path, fields[name]) for name in _WORDS}
    lists = {name: [t.value for t in yamlfile.texts(path, fields[name])] for name in _LISTS}
    return Fields(tables, words, lists)


def _table(path: Path, node: yamlfile.Node) -> dict[str, str]:
    pairs = yamlfile.block(path, node).items()
    return {w: value for value, n in pairs for w in yamlfile.text(path, n).split("|")}


def _group(name: str, words: Iterable[str]) -> str:
    return f"(?P<{name}>{'|'.join(sorted(words, key=lambda w: (-len(w), w)))})"


def day(fields: Fields, number: str) -> str:
    """Return the expression of a day; its groups are those of when.yaml."""
    words, lists = fields.words, fields.lists
    past = "".join(f"(?<!{word})" for word in lists["past"])
    ahead = _group("weeks_only", (w for w, v in fields.tables["weeks"].items() if v != "0"))
    none = "|".join(lists["not_weekday"])
    weekday = f"(?:{words['week']}){fields.group('weekday', 'weekdays')}(?!{none})"
    sources = (
        fields.group("days", "days"),
        fields.group("both", "days_and_parts"),
        f"{past}(?:{fields.group('weeks', 'weeks')})?{weekday}",
        f"{ahead}(?:{words['week']})",
        f"(?P<month>{number})(?:{words['month']}|/)(?P<day>{number})",
        f"(?<![0-9])(?P<day_only>{number})(?:{words['day']})(?!{'|'.join(lists['not_day'])})",
    )
    return "|".join(sources)


def time(fields: Fields, number: str) -> str:
    """Return the expression of an hour, with its part of the day."""
    words = fields.words
    part = f"(?:{fields.group('part', 'parts')}|{fields.group('short', 'short_parts')})"
    rest = (
        f"(?P<half>{words['half']})|{fields.group('quarter', 'quarters')}"
        f"|(?P<minute>{number})(?:{words['minute']})?|(?:{words['whole']})"
    )
    return (
        f"{part}?(?<![0-9:{words['rank']}])(?P<spoken>{number})(?:{words['hour']})"
        f"(?P<rest>{rest})?(?!{'|'.join(fields.lists['not_hour'])})"
    )


def spans(fields: Fields, number: str) -> tuple[str, str]:
    """Return the expressions of a span from now."""
    words = fields.words
    amount = (
        f"(?:(?P<half>{words['half']})|(?P<count>{number})(?P<and_half>{words['and_half']})?)"
        f"{fields.group('unit', 'units')}"
    )
    return f"(?:{words['wait']}){amount}", f"{amount}(?:{words['later']})"


def event(fields: Fields) -> str:
    """Return the expression of an event and the side of it."""
    return f"{fields.group('event', 'events')}(?:{fields.group('side', 'sides')})?"
