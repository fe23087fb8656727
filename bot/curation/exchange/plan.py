"""What taking in a file would do to the base, row by row, without doing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.curation.exchange import columns, problems
from bot.curation.exchange.rows import Fault, Read, Row
from knowledge import text
from knowledge.entry import Entry, Status

#: What review sets: an entry that differs in nothing else is the same.
REVIEWED = ("status", "reviewed_on", "review_due")


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Step:
    """A row and what becomes of it; `entry` is the draft to keep, None where it is broken."""

    row: int
    outcome: Outcome
    entry: Entry | None
    #: The fields that differ from the entry as it is, in the order of a sheet.
    fields: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run: one step for each row of the file."""

    steps: tuple[Step, ...]

    def counts(self) -> dict[Outcome, int]:
        """Return how many rows have each outcome; together they are all rows."""
        found = Counter(step.outcome for step in self.steps)
        return {outcome: found[outcome] for outcome in Outcome}


def plan(read: Read, current: Mapping[str, Entry]) -> Plan:
    """Return what the rows of a file would change in the entries as they are, by id."""
    faults = _wordings(read.rows, current)
    for number, found in _relatives(read.rows, current, faults).items():
        faults.setdefault(number, []).extend(found)
    return Plan(tuple(_step(row, read, current, faults.get(row.number, ())) for row in read.rows))


def _step(row: Row, read: Read, current: Mapping[str, Entry], more: Sequence[Fault]) -> Step:
    faults = (*row.faults, *more)
    if faults or row.entry is None:
        return Step(row.number, Outcome.BROKEN, None, faults=faults)
    before = current.get(row.id)
    if before is None:
        return Step(row.number, Outcome.NEW, row.entry)
    entry = _filled_up(row.entry, before, read.fields)
    changed = tuple(
        column.field
        for column in columns.columns()
        if column.field not in REVIEWED
        and getattr(entry, column.field) != getattr(before, column.field)
    )
    return Step(row.number, Outcome.CHANGED if changed else Outcome.SAME, entry, changed)


def _filled_up(entry: Entry, before: Entry, given: Sequence[str]) -> Entry:
    """Return the entry with what the file has no column for left as it is."""
    kept = {c.field: getattr(before, c.field) for c in columns.columns() if c.field not in given}
    return replace(entry, **(kept | {"id": before.id, "status": Status.DRAFT}))


def _wordings(rows: Iterable[Row], current: Mapping[str, Entry]) -> dict[int, list[Fault]]:
    """Find the wordings of rows that an entry has which no row of the file replaces."""
    replaced = {row.id for row in rows if row.entry}
    owner = {
        text.normalise(asked): entry.id
        for entry in current.values()
        if entry.id not in replaced
        for asked in entry.askings()
    }
    faults: dict[int, list[Fault]] = defaultdict(list)
    for row in rows:
        for field, wording, normalised in row.wordings:
            other = owner.get(normalised, row.id)
            if other != row.id:
                problem = problems.say("wording_owned", value=wording, entry=other)
                faults[row.number].append(Fault(row.number, columns.header(field), problem))
    return faults


def _led_to(entry: Entry) -> tuple[str, ...]:
    return (*entry.related, entry.successor) if entry.successor else entry.related


def _relatives(
    rows: Iterable[Row], current: Mapping[str, Entry], broken: Mapping[int, object]
) -> dict[int, list[Fault]]:
    """Find relatives that will not be there: unknown ones, and rows that are broken themselves."""
    by_id = {row.id: row for row in rows if row.id}
    wanted_by: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        before = _led_to(current[row.id]) if row.id in current else ()
        for other in _led_to(row.entry) if row.entry else row.related:
            if other not in current and other not in before:  # what leads nowhere now may stay so
                wanted_by[other].append(row)
    away = [
        i for i in wanted_by if i not in by_id or not by_id[i].entry or by_id[i].number in broken
    ]
    faults: dict[int, list[Fault]] = defaultdict(list)
    seen = set(away)
    for missing in away:  # grows: a row that falls takes those with it that lead to it
        key = "related_broken" if missing in by_id else "related_unknown"
        for row in wanted_by[missing]:
            problem = problems.say(key, value=missing)
            field = "related" if missing in row.related else "successor"
            faults[row.number].append(Fault(row.number, columns.header(field), problem))
            if row.id in wanted_by and row.id not in seen:
                seen.add(row.id)
                away.append(row.id)
    return faults
