"""The publicity week, told: when it is, whether it is on, and what is known of its events."""

from __future__ import annotations

from bot import clock
from bot import week_dates as week
from bot.dialogue.turn import Turn
from bot.week.years import years
from bot.week_dates import Week


def publicity_week(turn: Turn) -> str:
    """Tell the days of the week that is meant: of the year named, else the nearest one."""
    today = clock.day(turn.now)
    year = years().named(turn.text, today.year)
    if year is not None and not week.FIRST <= year <= week.LAST:
        return _tell(turn, "no_such_year", week.nearest(today))
    meant = week.nearest(today) if year is None else week.of(year)
    if (day := meant.day(today)) is not None:
        return _tell(turn, "now", meant, day=str(day))
    return _tell(turn, "over" if meant.ends < today else "main", meant)


def week_events(turn: Turn) -> str:
    """Tell where the programme is published; we do not know it before it is."""
    today = clock.day(turn.now)
    meant = week.nearest(today)
    return turn.say("week_events", "main" if meant.day(today) is None else "now", **_days(meant))


def _tell(turn: Turn, name: str, meant: Week, **more: str) -> str:
    return turn.say("publicity_week", name, **_days(meant), **more)


def _days(meant: Week) -> dict[str, str]:
    """Return the year and the two days; the week is always in May, Monday to Sunday."""
    days = {"year": meant.year, "begins": meant.begins.day, "ends": meant.ends.day}
    return {name: str(number) for name, number in days.items()}
