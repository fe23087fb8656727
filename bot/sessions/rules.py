"""When a session can be signed in to, and what its moments are called: pure rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.calendar import quiet
from bot.clock import GUANGZHOU, day
from bot.school import record
from bot.settings import Settings

DRAFT, OPEN, CANCELLED = "draft", "open", "cancelled"
GOING, WAITING, LEFT = "going", "waiting", "cancelled"
KINDS = ("onsite", "gate", "activity", "reading")
#: What a new session of each kind begins with: minutes credited, early, late.
USUAL = {
    "onsite": (90, 30, 15),
    "gate": (5, 30, 15),
    "activity": (90, 30, 30),
    "reading": (30, 30, 15),
}
#: A reminder that falls into the quiet hours leaves so long before they begin.
_BEFORE_QUIET = timedelta(minutes=30)


class Moment(StrEnum):
    """Where a session stands for somebody who signs in."""

    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"
    OVER = "over"


def moment(session: Any, now: datetime) -> Moment:
    """Return where a session stands; the end itself is over."""
    if now < session.starts_at - timedelta(minutes=session.early):
        return Moment.EARLY
    if now >= session.ends_at:
        return Moment.OVER
    return Moment.LATE if is_late(session, now) else Moment.IN_TIME


def spoken_moment(session: Any, now: datetime) -> Moment:
    """Return the same for the spoken code: it is taken until midnight of the day (P6.3)."""
    found = moment(session, now)
    if found is Moment.OVER and day(now) == day(session.starts_at):
        return Moment.LATE
    return found


def is_late(session: Any, now: datetime) -> bool:
    """Say whether somebody who signs in now is late."""
    return bool(now > session.starts_at + timedelta(minutes=session.late))


def can_join(session: Any, now: datetime) -> bool:
    """Say whether a parent may still sign up."""
    return bool(session.state == OPEN and now < session.ends_at)


def hours(session: Any) -> str:
    """Return what being there counts, in hours of learning with one decimal (hours.yaml)."""
    rules = record.hours()
    counted = min(session.minutes, rules["most"][session.kind])
    return f"{counted / rules['hour']:.1f}"


def reminder_at(settings: Settings, at: datetime) -> datetime:
    """Return when a reminder leaves: before the quiet hours where it would fall into them."""
    if not quiet.is_quiet_hour(settings, at):
        return at
    here = at.astimezone(GUANGZHOU)
    hour, minute = map(int, settings.quiet_from.split(":"))
    begins = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if begins > here:
        begins -= timedelta(days=1)
    return (begins - _BEFORE_QUIET).astimezone(at.tzinfo)


def when(session: Any) -> str:
    """Return day and times in Guangzhou, `11.26 16:40-17:30`."""
    begins, ends = (at.astimezone(GUANGZHOU) for at in (session.starts_at, session.ends_at))
    return f"{begins.month}.{begins.day} {begins:%H:%M}-{ends:%H:%M}"
