"""The funnel as sheets, once: the page shows them and exports write them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.analytics import sheet
from bot.analytics.funnel import BASES, Step
from bot.analytics.funnel_reading import Line, Shown
from bot.analytics.sheet import Cell, Names, Sheet

_TAKEN = (Step.STARTED, Step.COMPLETED)


def sheets(shown: Shown, names: Names) -> list[Sheet]:
    """Return every sheet that has lines."""
    made = [_steps(shown, names), _units(shown, names), _courses(shown, names)]
    return [one for one in made if one.rows]


def _steps(shown: Shown, names: Names) -> Sheet:
    steps = _used(shown)
    columns = ("step", "people", "rate", "base", "meaning")
    return sheet.make(
        "funnel_steps",
        names,
        [names.say(f"funnel.col.{c}") for c in columns],
        [_step(shown.own, step, names) for step in steps] if shown.own.counts else [],
        labels=[names.say(f"funnel.step.{step}") for step in steps],
        series={names.say("funnel.col.people"): [shown.own.counts.get(s) for s in steps]},
        form="bars",
    )


def _step(line: Line, step: Step, names: Names) -> list[Cell]:
    is_first = step not in BASES
    return [
        names.say(f"funnel.step.{step}"),
        _count(line, step, names),
        "" if is_first else _rate(line, step, names),
        "" if is_first else names.say(f"funnel.step.{BASES[step]}"),
        names.say(f"funnel.means.{step}"),
    ]


def _units(shown: Shown, names: Names) -> Sheet:
    steps = _used(shown)
    return sheet.make(
        "funnel_units",
        names,
        [names.say("funnel.col.unit"), *_heads(steps, names)],
        [[line.name, *_cells(line, steps, names)] for line in shown.below],
    )


def _courses(shown: Shown, names: Names) -> Sheet:
    heads = [names.say(f"funnel.col.{c}") for c in ("programme", "course")]
    rows = [
        [line.programme, line.name or names.say("funnel.whole"), *_taken(line, names)]
        for line in shown.courses
    ]
    columns = [names.say(f"funnel.col.{c}") for c in ("begun", "finished", "finished_rate")]
    return sheet.make("funnel_courses", names, [*heads, *columns], rows)


def _taken(line: Line, names: Names) -> list[Cell]:
    counts = [_count(line, step, names) for step in _TAKEN]
    return [*counts, _rate(line, Step.COMPLETED, names)]


def _used(shown: Shown) -> list[Step]:
    """Return the steps there are: none of certificates where nobody issues any."""
    return [s for s in Step if s is not Step.CERTIFIED or shown.has_certificates]


def _heads(steps: Sequence[Step], names: Names) -> list[str]:
    heads = []
    for step in steps:
        heads.append(names.say(f"funnel.step.{step}"))
        if step in BASES:
            base = names.say(f"funnel.step.{BASES[step]}")
            heads.append(names.say("funnel.rate_of", base=base))
    return heads


def _cells(line: Line, steps: Sequence[Step], names: Names) -> list[Cell]:
    cells: list[Cell] = []
    for step in steps:
        cells.append(_count(line, step, names))
        if step in BASES:
            cells.append(_rate(line, step, names))
    return cells


def _count(line: Line, step: Step, names: Names) -> Cell:
    count = line.counts.get(step)
    return names.say("funnel.hidden") if count is None else count


def _rate(line: Line, step: Step, names: Names) -> Cell:
    return sheet.rate(line.rate(step), names)
