"""Fields of a file of a course, taken one by one: what is wrong is collected, not raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge import wording
from knowledge.errors import FileFault


class Fields:
    """A mapping of a file; `within` names it where it stands inside a field."""

    def __init__(
        self,
        path: Path,
        values: Mapping[str, Any],
        lines: Mapping[str, int],
        faults: list[FileFault],
        within: str = "",
    ) -> None:
        self.path, self._values, self._lines = path, values, lines
        self.faults, self._within = faults, within

    def fault(self, name: str, problem: str) -> None:
        """Note what is wrong with a field, at its line."""
        full = f"{self._within}.{name}" if self._within else name
        top = full.partition(".")[0].partition("[")[0]
        line = self._lines.get(top)
        self.faults.append(FileFault(self.path, line, f"`{full}` {problem}", field=full))

    def expect(self, names: Sequence[str]) -> None:
        """Note each field that is missing, and each that nobody knows."""
        for name in names:
            if name not in self._values:
                self.fault(name, "is missing")
        for name in self._values:
            if name not in names:
                self.fault(str(name), "is not a field here")

    def code(self, name: str) -> str:
        """Return a text that no parent reads; empty if it is none."""
        value = self._values.get(name, "")
        if name in self._values and (not isinstance(value, str) or not value.strip()):
            self.fault(name, "must be text")
            return ""
        return str(value).strip()

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        """Return a word of those allowed."""
        value = self.code(name)
        if value and value not in allowed:
            self.fault(name, f"`{value}` is not one of {', '.join(allowed)}")
        return value

    def text(self, name: str, most: int, least: int = 1) -> str:
        """Return a text for parents, with its length and its wording looked at."""
        value = self.code(name)
        if value:
            self._judge(name, value, most, least)
        return value

    def number(self, name: str, allowed: range) -> int:
        """Return a whole number of the range; its first if it is none."""
        value = self._values.get(name, allowed.start)
        if type(value) is not int or value not in allowed:
            limits = f"{allowed.start} to {allowed.stop - 1}"
            self.fault(name, f"must be a whole number from {limits}")
            return allowed.start
        return value

    def texts(self, name: str, most: int, counts: range) -> tuple[str, ...]:
        """Return texts for parents, none of them twice."""
        found = self.codes(name, counts)
        for number, value in enumerate(found, 1):
            self._judge(f"{name}[{number}]", value, most, 1)
        return found

    def codes(self, name: str, counts: range) -> tuple[str, ...]:
        """Return words that no parent reads, none of them twice."""
        found = self._list(name, counts)
        if not all(isinstance(item, str) and item.strip() for item in found):
            self.fault(name, "must list texts only (quote numbers and times)")
            return ()
        if len(set(found)) < len(found):
            self.fault(name, "holds one item twice")
        return tuple(item.strip() for item in found)

    def inner(self, name: str) -> Fields:
        """Return the mapping that is a field of this one."""
        return self._below(name, self._values.get(name, {}))

    def rows(self, name: str, counts: range) -> list[Fields]:
        """Return the mappings that a field lists."""
        found = self._list(name, counts)
        return [self._below(f"{name}[{n}]", value) for n, value in enumerate(found, 1)]

    def _list(self, name: str, counts: range) -> list[Any]:
        if name not in self._values:
            return []
        value = self._values[name]
        if not isinstance(value, list):
            self.fault(name, "must be a list")
            return []
        if len(value) not in counts:
            limits = f"{counts.start} to {counts.stop - 1}"
            self.fault(name, f"has {len(value)} items, must have {limits}")
        return value

    def _below(self, name: str, value: Any) -> Fields:
        if not isinstance(value, dict):
            self.fault(name, "must be `field: value` lines")
            value = {}
        within = f"{self._within}.{name}" if self._within else name
        return Fields(self.path, value, self._lines, self.faults, within)

    def _judge(self, name: str, value: str, most: int, least: int) -> None:
        length = wording.size(value)
        if length > most:
            self.fault(name, f"is {length} characters, at most {most}")
        if length < least:
            self.fault(name, f"is {length} characters, at least {least}")
        for problem in wording.problems(value):
            self.fault(name, problem)
