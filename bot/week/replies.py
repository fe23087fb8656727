"""The publicity week, told: when it is, what is on today, and where the whole programme stands."""

from __future__ import annotations

from bot import clock, week_dates
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.week import plans, talks
from bot.week.live_replies import when
from bot.week.plans import Item
from bot.week.words import words
from bot.week.years import years
from bot.week_dates import Week

_TALKS = 2


def publicity_week(turn: Turn) -> str:
    """Tell the days of the week that is meant: of the year named, else the nearest one."""
    today = clock.day(turn.now)
    year = years().named(turn.text, today.year)
    if year is not None and not week_dates.FIRST <= year <= week_dates.LAST:
        return _tell(turn, "no_such_year", week_dates.nearest(today))
    meant = week_dates.nearest(today) if year is None else week_dates.of(year)
    if (day := meant.day(today)) is not None:
        told = _tell(turn, "now", meant, day=str(day))
        return "\n".join([told, *_theme(turn, meant, day - 1)])
    return _tell(turn, "over" if meant.ends < today else "main", meant)


def _theme(turn: Turn, meant: Week, day: int) -> list[str]:
    """Return the theme of a day and the page's address, where a plan is frozen."""
    found, entries = plans.read_public(turn.read, meant.year)
    if not found:
        return []
    themes = [i for i in entries if i.kind == "theme" and i.day == day]
    told = [turn.say("publicity_week", "theme", title=i.title, text=i.text) for i in themes[:1]]
    link = links.page(turn.rt, "week")
    return [*told, turn.say("publicity_week", "page", link=link)] if link else told


def week_events(turn: Turn) -> str:
    """Tell the programme once it is published, else where it will be."""
    today = clock.day(turn.now)
    meant = week_dates.nearest(today)
    day = meant.day(today)
    found, entries = plans.read_public(turn.read, meant.year)
    if not found:
        return turn.say("week_events", "main" if day is None else "now", **_days(meant))
    lines = _today(turn, entries, day - 1) if day else _themes(entries)
    name = "planned" if day is None else "today"
    told = [turn.say("week_events", name, days="\n".join(lines), **_days(meant))]
    coming = turn.read(talks.coming(turn.now, most=_TALKS))
    if coming:
        listed = "\uff1b".join(f"{when(t)} {t.title}" for t in coming)
        told.append(turn.say("week_events", "live", talks=listed))
    link = links.page(turn.rt, "week")
    told += [turn.say("week_events", "page", link=link)] if link else []
    return "\n".join([*told, turn.say("week_events", "local")])


def _themes(entries: list[Item]) -> list[str]:
    """Return a line for the theme of each day."""
    themes = {i.day: i for i in entries if i.kind == "theme" and 0 <= i.day < plans.DAYS}
    return [f"{words().days[day]} {item.title}" for day, item in sorted(themes.items())]


def _today(turn: Turn, entries: list[Item], day: int) -> list[str]:
    lines = [" ".join(filter(None, (i.clock, i.title))) for i in entries if i.day == day]
    return lines or [turn.say("week_events", "nothing_today")]


def _tell(turn: Turn, name: str, meant: Week, **more: str) -> str:
    return turn.say("publicity_week", name, **_days(meant), **more)


def _days(meant: Week) -> dict[str, str]:
    """Return the year and the two days; the week is always in May, Monday to Sunday."""
    days = {"year": meant.year, "begins": meant.begins.day, "ends": meant.ends.day}
    return {name: str(number) for name, number in days.items()}
