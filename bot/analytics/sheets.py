"""What the dashboard shows, once: pages draw these sheets and exports write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.analytics.board import ASKED, VOTED, Line
from bot.analytics.cells import QUESTIONS, VOTES, Kind
from bot.analytics.queries import RISES, SMOOTH, Figures, Rise, Waits
from bot.dialogue.timing import BOUNDS_MS

Say = Callable[..., str]
Cell = str | int | float

#: What a message can come to: a question answered or not, or a crisis.
_WENT = (*QUESTIONS, Kind.CRISIS)
_LATE = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chart: its figures as a table, how they are worked out, and what is drawn of them.

    `series` maps a name to values beside `labels`; None draws nothing. `form` is how: days, bars
    (lying) or columns; `unit` stands behind a value.
    """

    key: str
    title: str
    how: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    labels: Sequence[str] = ()
    series: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    form: str = "columns"
    stacked: bool = False
    unit: str = ""

    @property
    def is_blank(self) -> bool:
        """Say whether there is nothing to draw: every figure is too small to be shown."""
        return not any(value for values in self.series.values() for value in values)


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are called: topics and districts by their names, everything else by a sentence."""

    say: Say
    topics: Mapping[str, str]
    districts: Mapping[str, str]

    def topic(self, key: str) -> str:
        """Return the name of a topic; an unknown one keeps its key."""
        return self.topics.get(key, key)


def sheets(figures: Figures, names: Names) -> list[Sheet]:
    """Return every sheet that has something to show, in the order of the page."""
    made = [
        _days(figures, names),
        _shares(figures, names),
        _votes(figures, names),
        _topics(figures, names),
        _declined(figures, names),
        _rising(figures.rising, names),
        *([_waits(figures.waits, names)] if figures.waits else []),
        _stages(figures, names),
        _districts(figures, names),
    ]
    return [sheet for sheet in made if sheet.rows]


def _days(figures: Figures, names: Names) -> Sheet:
    kinds = (*QUESTIONS, ASKED, Kind.CRISIS)
    return _sheet(
        "days",
        names,
        [_day_head(figures, names), *_called(names, kinds)],
        [[line.name.isoformat(), *_counts(line, kinds, names)] for line in figures.days]
        if figures.total.counts[ASKED] != 0
        else [],
        labels=[line.name.isoformat()[5:] for line in figures.days],
        series=_by_day(figures, _WENT, names),
        titled="days" if figures.grain == 1 else "weeks",
        stacked=True,
    )


def _shares(figures: Figures, names: Names) -> Sheet:
    pairs = [(names.say(f"dashboard.kind.{k}"), figures.total, k) for k in _WENT]
    now = [line.share(kind) for _, line, kind in pairs]
    past = [figures.before.share(kind) for _, _, kind in pairs]
    rows = [
        [called, *_counts(line, (kind,), names), _rate(share, names), _rate(before, names)]
        for (called, line, kind), share, before in zip(pairs, now, past, strict=True)
    ]
    return _sheet(
        "shares",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("went", "questions", "share", "share_before")],
        rows if figures.total.counts[ASKED] else [],
        labels=[called for called, _, _ in pairs],
        series={
            names.say("dashboard.col.share"): _hundredths(now),
            names.say("dashboard.col.share_before"): _hundredths(past),
        },
        form="bars",
        unit="%",
    )


def _votes(figures: Figures, names: Names) -> Sheet:
    kinds = (*VOTES, VOTED)
    return _sheet(
        "votes",
        names,
        [
            _day_head(figures, names),
            *_called(names, kinds),
            names.say("dashboard.col.helpful"),
        ],
        [
            [
                line.name.isoformat(),
                *_counts(line, kinds, names),
                _rate(line.share(Kind.HELPFUL, VOTED), names),
            ]
            for line in figures.days
        ]
        if figures.total.counts[VOTED] != 0
        else [],
        labels=[line.name.isoformat()[5:] for line in figures.days],
        series=_by_day(figures, VOTES, names),
        stacked=True,
    )


def _topics(figures: Figures, names: Names) -> Sheet:
    return _sheet(
        "topics",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "questions", "answered", "helpful")],
        [
            [
                names.topic(line.name),
                *_counts(line, (ASKED,), names),
                _rate(line.share(Kind.ANSWER), names),
                _rate(line.share(Kind.HELPFUL, VOTED), names),
            ]
            for line in figures.topics
        ],
        labels=[names.topic(line.name) for line in figures.topics],
        series={names.say("dashboard.col.questions"): [d.counts[ASKED] for d in figures.topics]},
        form="bars",
    )


def _declined(figures: Figures, names: Names) -> Sheet:
    return _sheet(
        "declined",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "declined", "declined_share")],
        [
            [
                names.topic(line.name),
                *_counts(line, (Kind.DECLINE,), names),
                _rate(line.share(Kind.DECLINE), names),
            ]
            for line in figures.declined
        ],
        labels=[names.topic(line.name) for line in figures.declined],
        series={
            names.say("dashboard.col.declined"): [d.counts[Kind.DECLINE] for d in figures.declined]
        },
        form="bars",
    )


def _rising(rising: Sequence[Rise], names: Names) -> Sheet:
    return _sheet(
        "rising",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "now", "before", "ratio")],
        [[names.topic(r.topic), r.now, _count(r.before, names), round(r.ratio, 2)] for r in rising],
        labels=[names.topic(r.topic) for r in rising],
        series={
            names.say("dashboard.col.now"): [r.now for r in rising],
            names.say("dashboard.col.before"): [r.before for r in rising],
        },
        form="bars",
        smooth=SMOOTH,
        rises=RISES,
    )


def _stages(figures: Figures, names: Names) -> Sheet:
    called = {line.name: names.say(f"dashboard.stage.{line.name}") for line in figures.stages}
    return _rated("stages", figures.stages, called, names)


def _districts(figures: Figures, names: Names) -> Sheet:
    return _rated("districts", figures.districts, names.districts, names)


def _rated(key: str, lines: Sequence[Line], called: Mapping[str, str], names: Names) -> Sheet:
    """Return lines in the order given, as rates beside the number they are rates of."""
    columns = ["questions", "answered", "offered", "declined_share", "votes", "helpful"]
    shares = {k: [line.share(k) for line in lines] for k in QUESTIONS}
    return _sheet(
        key,
        names,
        [names.say(f"dashboard.col.{c}") for c in (key, *columns)],
        [
            [
                called[line.name],
                *_counts(line, (ASKED,), names),
                *(_rate(shares[k][n], names) for k in QUESTIONS),
                *_counts(line, (VOTED,), names),
                _rate(line.share(Kind.HELPFUL, VOTED), names),
            ]
            for n, line in enumerate(lines)
        ]
        if any(line.counts[ASKED] for line in lines)
        else [],
        labels=[called[line.name] for line in lines],
        series={names.say(f"dashboard.kind.{k}"): _hundredths(shares[k]) for k in QUESTIONS},
        form="bars",
        stacked=True,
        unit="%",
    )


def _waits(waits: Waits, names: Names) -> Sheet:
    bounds = [*BOUNDS_MS, _LATE]
    total = sum(waits.counts.values())
    called = [
        names.say("dashboard.within", ms=b) if b else names.say("dashboard.late", ms=BOUNDS_MS[-1])
        for b in bounds
    ]
    shares = [waits.counts.get(b, 0) / total for b in bounds]
    return _sheet(
        "waits",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("wait", "share_of_messages")],
        [[name, _rate(share, names)] for name, share in zip(called, shares, strict=True)],
        labels=[f"\N{LESS-THAN OR EQUAL TO}{b}" if b else f">{BOUNDS_MS[-1]}" for b in bounds],
        series={names.say("dashboard.col.share_of_messages"): _hundredths(shares)},
        unit="%",
    )


def _sheet(
    key: str,
    names: Names,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    smooth: float = SMOOTH,
    rises: float = RISES,
    titled: str = "",
    **drawn: Any,
) -> Sheet:
    how = names.say(f"dashboard.how.{key}", smooth=smooth, rises=rises)
    title = names.say(f"dashboard.title.{titled or key}")
    return Sheet(key, title, how, headers, rows, **drawn)


def _by_day(figures: Figures, kinds: Sequence[str], names: Names) -> dict[str, list[float | None]]:
    return {names.say(f"dashboard.kind.{k}"): [d.counts[k] for d in figures.days] for k in kinds}


def _day_head(figures: Figures, names: Names) -> str:
    return names.say("dashboard.col.day" if figures.grain == 1 else "dashboard.col.week")


def _called(names: Names, kinds: Sequence[str]) -> list[str]:
    return [names.say(f"dashboard.kind.{kind}") for kind in kinds]


def _counts(line: Line, kinds: Sequence[str], names: Names) -> list[Cell]:
    return [_count(line.counts[kind], names) for kind in kinds]


def _count(count: int | None, names: Names) -> Cell:
    return names.say("dashboard.small") if count is None else count


def _rate(share: float | None, names: Names) -> Cell:
    return names.say("dashboard.none") if share is None else f"{share * 100:.1f}%"


def _hundredths(shares: Sequence[float | None]) -> list[float | None]:
    return [None if share is None else round(share * 100, 1) for share in shares]
