"""The moment a message names: a day, an hour, a span from now, or an event."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from intents.moments import Moment
from intents.slots import when_words
from intents.slots.numerals import Numerals, numerals

_PATH = Path(__file__).with_name("when.yaml")
_NOON, _DAY, _HOUR, _LAST_MINUTE = 12, 24, 60, 59
#: The year that has every day.
_LEAP_YEAR = 2028
#: From this hour on an hour of the evening is of the same day: 晚上一点 is of the next.
_EVENING = 5


class When:
    """Reads the moment; all words come from when.yaml."""

    def __init__(self, fields: when_words.Fields, numbers: Numerals) -> None:
        self._tables, self._numbers = fields.tables, numbers
        self._day = re.compile(when_words.day(fields, numbers.regex))
        self._time = re.compile(when_words.time(fields, numbers.regex))
        self._spans = tuple(map(re.compile, when_words.spans(fields, numbers.regex)))
        self._part = re.compile(fields.group("part", "parts"))
        self._event = re.compile(when_words.event(fields))
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
        try:
            date(_LEAP_YEAR, month or 1, day)
        except ValueError:
            return None
        return Moment(month=month, day=day)

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


def load_when(path: Path = _PATH) -> When:
    """Read how moments are named.

    Raises:
        CatalogueError: the file is faulty.
    """
    return When(when_words.load(path), numerals())
