"""When what is due may be said, and in which words: rules without a database.

What is due next is `bot/school/due.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calendar import quiet
from bot.calendar.days import Day, Kind
from bot.clock import GUANGZHOU, day
from bot.school.states import Due
from bot.settings import Settings

#: A reminder that has not left so long after its time is not sent any more.
LASTS = timedelta(hours=2)
#: From this minute of the day on a practice is that of an evening.
_EVENING = 17 * 60
#: Texts of a question about a practice, by what stands in `said`.
_CHECKS = {True: "check_night", False: "check_day"}


def horizon(settings: Settings, now: datetime, ahead: timedelta) -> datetime | None:
    """Return up to when what is due may be ordered now; None in quiet hours.

    Just before quiet hours end it reaches into the open time; before they begin it stops short.
    """
    if not quiet.is_quiet_hour(settings, now + ahead):
        return now + ahead
    return None if quiet.is_quiet_hour(settings, now) else now


def begins(settings: Settings, due_at: datetime, now: datetime) -> datetime:
    """Return when a reminder may leave: at its time, or as soon as anything may."""
    return quiet.next_open(settings, max(due_at, now))


def ends(settings: Settings, at: datetime) -> datetime:
    """Return until when a reminder that may leave at an open instant may leave: never in quiet."""
    if settings.quiet_from == settings.quiet_to:
        return at + LASTS
    hours, _, minutes = settings.quiet_from.partition(":")
    here = at.astimezone(GUANGZHOU)
    shut = here.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
    if shut <= here:
        shut += timedelta(days=1)  # Beijing has no summer time
    return min(at + LASTS, shut.astimezone(at.tzinfo))


def is_stale(due: str, due_at: datetime, at: datetime) -> bool:
    """Say whether a reminder makes no sense any more: the day of the practice is over."""
    return due == Due.PRACTICE and day(due_at) != day(at)


def is_put_off(due: str, at: Day) -> bool:
    """Say whether this waits for another day: what the parent fixed for a day does not."""
    return at.kind is Kind.STATE_HOLIDAY and due not in (Due.PRACTICE, Due.CHECK)


def said(due: str, due_at: datetime, at: datetime, clock: int | None) -> str:
    """Return the name of the text: the practice of last night is not called so two days later."""
    evening = clock is not None and clock >= _EVENING
    if due == Due.PRACTICE:
        return "tonight" if evening else "today"
    if due == Due.CHECK:
        return _CHECKS[evening] if day(due_at) == day(at) else "check_past"
    return str(due)
