"""Quiet hours: the time of day at which nothing is sent that no parent has just asked for."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.clock import GUANGZHOU
from bot.settings import Settings


def is_quiet_hour(settings: Settings, now: datetime) -> bool:
    """Say whether an instant lies in the quiet hours; the first minute is quiet, the end is not.

    Equal ends mean that there are none.
    """
    begins, ends = _hours(settings)
    at = now.astimezone(GUANGZHOU).time()
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends


def next_open(settings: Settings, now: datetime) -> datetime:
    """Return the first instant from now on at which something may be sent; now, where it may."""
    if not is_quiet_hour(settings, now):
        return now
    here = now.astimezone(GUANGZHOU)
    ends = _hours(settings)[1]
    open_at = here.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    if open_at <= here:
        open_at += timedelta(days=1)  # Beijing has no summer time: a day has 24 hours
    return open_at.astimezone(now.tzinfo)


def _hours(settings: Settings) -> tuple[time, time]:
    return time.fromisoformat(settings.quiet_from), time.fromisoformat(settings.quiet_to)
