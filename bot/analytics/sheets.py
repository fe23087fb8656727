"""What the dashboard shows, once: pages draw these sheets and exports write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.analytics import sheet
from bot.analytics.board import ASKED, VOTED, Line
from bot.analytics.cells import QUESTIONS, VOTES, Kind
from bot.analytics.queries import RISES, SMOOTH, Figures, Rise, Waits
from bot.analytics.sheet import Names, Sheet
from bot.dialogue.timing import BOUNDS_MS

#: What a message can come to: a question answered or not, or a crisis.
_WENT = (*QUESTIONS, Kind.CRISIS)
_LATE = 0


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
    return [one for one in made if one.rows]


def _days(figures: Figures, names: Names) -> Sheet:
    kinds = (*QUESTIONS, ASKED, Kind.CRISIS)
    return sheet.make(
        "days",
        names,
        [_day_head(figures, names), *sheet.called(names, kinds)],
        [[line.name.isoformat(), *sheet.counts(line, kinds, names)] for line in figures.days]
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
        [
            called,
            *sheet.counts(line, (kind,), names),
            sheet.rate(share, names),
            sheet.rate(before, names),
        ]
        for (called, line, kind), share, before in zip(pairs, now, past, strict=True)
    ]
    return sheet.make(
        "shares",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("went", "questions", "share", "share_before")],
        rows if figures.total.counts[ASKED] else [],
        labels=[called for called, _, _ in pairs],
        series={
            names.say("dashboard.col.share"): sheet.hundredths(now),
            names.say("dashboard.col.share_before"): sheet.hundredths(past),
        },
        form="bars",
        unit="%",
    )


def _votes(figures: Figures, names: Names) -> Sheet:
    kinds = (*VOTES, VOTED)
    return sheet.make(
        "votes",
        names,
        [
            _day_head(figures, names),
            *sheet.called(names, kinds),
            names.say("dashboard.col.helpful"),
        ],
        [
            [
                line.name.isoformat(),
                *sheet.counts(line, kinds, names),
                sheet.rate(line.share(Kind.HELPFUL, VOTED), names),
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
    return sheet.make(
        "topics",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "questions", "answered", "helpful")],
        [
            [
                names.topic(line.name),
                *sheet.counts(line, (ASKED,), names),
                sheet.rate(line.share(Kind.ANSWER), names),
                sheet.rate(line.share(Kind.HELPFUL, VOTED), names),
            ]
            for line in figures.topics
        ],
        labels=[names.topic(line.name) for line in figures.topics],
        series={names.say("dashboard.col.questions"): [d.counts[ASKED] for d in figures.topics]},
        form="bars",
    )


def _declined(figures: Figures, names: Names) -> Sheet:
    return sheet.make(
        "declined",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "declined", "declined_share")],
        [
            [
                names.topic(line.name),
                *sheet.counts(line, (Kind.DECLINE,), names),
                sheet.rate(line.share(Kind.DECLINE), names),
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
    return sheet.make(
        "rising",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("topic", "now", "before", "ratio")],
        [
            [names.topic(r.topic), r.now, sheet.count(r.before, names), round(r.ratio, 2)]
            for r in rising
        ],
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
    return sheet.make(
        key,
        names,
        [names.say(f"dashboard.col.{c}") for c in (key, *columns)],
        [
            [
                called[line.name],
                *sheet.counts(line, (ASKED,), names),
                *(sheet.rate(shares[k][n], names) for k in QUESTIONS),
                *sheet.counts(line, (VOTED,), names),
                sheet.rate(line.share(Kind.HELPFUL, VOTED), names),
            ]
            for n, line in enumerate(lines)
        ]
        if any(line.counts[ASKED] for line in lines)
        else [],
        labels=[called[line.name] for line in lines],
        series={names.say(f"dashboard.kind.{k}"): sheet.hundredths(shares[k]) for k in QUESTIONS},
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
    return sheet.make(
        "waits",
        names,
        [names.say(f"dashboard.col.{c}") for c in ("wait", "share_of_messages")],
        [[name, sheet.rate(share, names)] for name, share in zip(called, shares, strict=True)],
        labels=[f"\N{LESS-THAN OR EQUAL TO}{b}" if b else f">{BOUNDS_MS[-1]}" for b in bounds],
        series={names.say("dashboard.col.share_of_messages"): sheet.hundredths(shares)},
        unit="%",
    )


def _by_day(figures: Figures, kinds: Sequence[str], names: Names) -> dict[str, list[float | None]]:
    return {names.say(f"dashboard.kind.{k}"): [d.counts[k] for d in figures.days] for k in kinds}


def _day_head(figures: Figures, names: Names) -> str:
    return names.say("dashboard.col.day" if figures.grain == 1 else "dashboard.col.week")
