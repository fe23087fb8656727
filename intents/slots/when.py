"""The moment a message names: a day, an hour, a span from now, or an event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intents import yamlfile
from intents.moments import Moment
from intents.slots.numerals import Numerals, numerals

_PATH = Path(__file__).with_name("when.yaml")
_NOON, _DAY, _HOUR, _LAST_MINUTE = 12, 24, 60, 59
_MONTHS, _LONGEST = 12, 31
#: From this hour on an hour of the evening is of the same day: 晚上一点 is of the next.
_EVENING = 5
_TABLES = (
    "days", "days_and_parts", "parts", "short_parts", "weeks", "weekdays", "quarters", "units",
    "events", "sides",
)  # fmt: skip
_WORDS = (
    "week", "month", "day", "hour", "half", "and_half", "minute", "whole", "rank", "later", "wait",
)  # fmt: skip
_LISTS = ("past", "not_weekday", "not_day", "little", "not_hour")


class When:
    """Reads the moment; all words come from when.yaml."""

    def __init__(self, fields: _Fields, numbers: Numerals) -> None:
        self._tables, self._numbers = fields.tables, numbers
        self._day = re.compile(_day(fields, numbers.regex))
        self._time = re.compile(_time(fields, numbers.regex))
        self._spans = tuple(map(re.compile, _spans(fields, numbers.regex)))
        self._part = re.compile(fields.group("part", "parts"))
        self._event = re.compile(_event(fields))
        self._little = frozenset(fields.lists["little"])
        days = (*fields.tables["days"], *fields.tables["weekdays"], *fields.words["day"].split("|"))
        self._day_ends = frozenset(word[-1] for word in days)

    def find(self, text: str) -> Moment | None:
        """Return the moment in levelled text (half-width, simplified), or None."""
        text = "".join(text.split())
        span = next(filter(None, (spans.search(text) for spans in self._spans)), None)
        if span is not None:
            return self._later(span)
        day = self._day_in(text)
        at = self._time_in(text, day)
        if day is None and at is None:
            return self._event_in(text)
        return _joined(day or Moment(), at or Moment())

    def _later(self, match: re.Match[str]) -> Moment:
        each = int(self._tables["units"][match["unit"]])
        number = self._numbers.value(match["count"]) if match["count"] else 0
        minutes = number * each + (each // 2 if match["half"] or match["and_half"] else 0)
        whole_days = minutes % (_DAY * _HOUR) == 0
        return Moment(days=minutes // (_DAY * _HOUR)) if whole_days else Moment(minutes=minutes)

    def _day_in(self, text: str) -> Moment | None:
        for match in self._day.finditer(text):
            if match["days"]:
                return Moment(days=int(self._tables["days"][match["days"]]))
            if match["both"]:
                days, part = self._tables["days_and_parts"][match["both"]].split()
                return Moment(days=int(days), part=part)
            if match["weekday"] or match["weeks_only"]:
                return self._weekday(match)
            if (found := self._date(match)) is not None:
                return found
        return None

    def _weekday(self, match: re.Match[str]) -> Moment:
        weeks = self._tables["weeks"].get(match["weeks"] or match["weeks_only"], "0")
        weekday = self._tables["weekdays"].get(match["weekday"], "1")
        return Moment(weekday=int(weekday), weeks=int(weeks))

    def _date(self, match: re.Match[str]) -> Moment | None:
        day = self._numbers.value(match["day"] or match["day_only"])
        month = self._numbers.value(match["month"]) if match["month"] else None
        fits = 1 <= day <= _LONGEST and (month is None or 1 <= month <= _MONTHS)
        return Moment(month=month, day=day) if fits else None

    def _time_in(self, text: str, day: Moment | None) -> Moment | None:
        given = day.part if day else None
        for match in self._time.finditer(text):
            if not self._is_hour(text, match):
                continue
            hour, minute = self._numbers.value(match["spoken"]), self._minute(match)
            if hour <= _DAY and minute <= _LAST_MINUTE:
                short = self._tables["short_parts"].get(match["short"])
                part = self._tables["parts"].get(match["part"]) or short
                return _of_day(hour, minute, part or given)
        part_only = self._part.search(text)
        return Moment(part=self._tables["parts"][part_only[0]]) if part_only else None

    def _is_hour(self, text: str, match: re.Match[str]) -> bool:
        """Tell an hour from 一点 that means a little, and from a colon after a number."""
        if match["minute"] is None and text[match.end("spoken")] == ":":
            return False
        told = match["part"] or match["rest"] or (match["short"] or "")[1:]  # 早一点 is earlier
        if told or match["spoken"] not in self._little:
            return True
        return match.start() > 0 and text[match.start() - 1] in self._day_ends

    def _minute(self, match: re.Match[str]) -> int:
        if match["half"]:
            return _HOUR // 2
        if match["quarter"]:
            return int(self._tables["quarters"][match["quarter"]])
        return self._numbers.value(match["minute"]) if match["minute"] else 0

    def _event_in(self, text: str) -> Moment | None:
        match = self._event.search(text)
        if match is None:
            return None
        side = self._tables["sides"].get(match["side"], "on")
        return Moment(event=self._tables["events"][match["event"]], side=side)


def _of_day(hour: int, minute: int, part: str | None) -> Moment:
    """Return an hour on the clock of 24; `days` is 1 where midnight has passed."""
    late = hour % _NOON < _EVENING and hour <= _NOON
    if part == "evening" and late:
        return Moment(days=1, hour=hour % _NOON, minute=minute, part="morning")
    if hour == _DAY:
        return Moment(days=1, hour=0, minute=minute)
    after_noon = part in {"afternoon", "evening"} or (part == "noon" and late)
    if after_noon and hour < _NOON:
        return Moment(hour=hour + _NOON, minute=minute)
    morning = part in {"morning", "dawn"} and hour <= _NOON
    if part == "dawn":
        hour %= _NOON
    return Moment(hour=hour, minute=minute, part="morning" if morning else None)


def _joined(day: Moment, at: Moment) -> Moment:
    """Return both in one; past midnight counts as one day more where the day is a count of days."""
    days = day.days
    if at.days is not None and day.weekday is None and day.day is None:
        days = (days or 0) + at.days
    part = at.part if at.hour is not None else at.part or day.part
    return replace(day, days=days, hour=at.hour, minute=at.minute, part=part)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The words of when.yaml: tables map a word to its value."""

    tables: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]
    lists: Mapping[str, list[str]]

    def group(self, name: str, table: str) -> str:
        """Return a named group of a table's words."""
        return _group(name, self.tables[table])


def load_when(path: Path = _PATH) -> When:
    """Read how moments are named.

    Raises:
        CatalogueError: the file is faulty.
    """
    known = frozenset((*_TABLES, *_WORDS, *_LISTS))
    fields = yamlfile.block(path, yamlfile.read(path), known)
    tables = {name: _table(path, fields[name]) for name in _TABLES}
    words = {name: yamlfile.text(path, fields[name]) for name in _WORDS}
    lists = {name: [t.value for t in yamlfile.texts(path, fields[name])] for name in _LISTS}
    return When(_Fields(tables, words, lists), numerals())


def _table(path: Path, node: yamlfile.Node) -> dict[str, str]:
    pairs = yamlfile.block(path, node).items()
    return {w: value for value, n in pairs for w in yamlfile.text(path, n).split("|")}


def _group(name: str, words: Iterable[str]) -> str:
    return f"(?P<{name}>{'|'.join(sorted(words, key=lambda w: (-len(w), w)))})"


def _day(fields: _Fields, number: str) -> str:
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


def _time(fields: _Fields, number: str) -> str:
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


def _spans(fields: _Fields, number: str) -> tuple[str, str]:
    words = fields.words
    amount = (
        f"(?:(?P<half>{words['half']})|(?P<count>{number})(?P<and_half>{words['and_half']})?)"
        f"{fields.group('unit', 'units')}"
    )
    return f"(?:{words['wait']}){amount}", f"{amount}(?:{words['later']})"


def _event(fields: _Fields) -> str:
    return f"{fields.group('event', 'events')}(?:{fields.group('side', 'sides')})?"
