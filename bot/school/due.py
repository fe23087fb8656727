"""When the next reminder of an enrolment is due, and what it is for; pure.

The rules (MISSION P5): the practice at the parent's own time today, or tomorrow if that is past;
the question whether it worked on the day after; a nudge after three days of silence; after three
nudges one question whether to go on, then silence. A parent without a time of their own (`clock`
None) is never reminded. Times are minutes after midnight in Beijing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.calendar.quiet import is_quiet_hour
from bot.clock import GUANGZHOU
from bot.school.states import Due, Step
from bot.school.steps import Place
from bot.settings import Settings

#: Minutes after midnight a parent is reminded at who wants it and named no time: 20:00.
USUAL = 20 * 60
#: Days of silence before a nudge, and days a rest lasts.
SILENCE, REST = timedelta(days=3), timedelta(days=30)
#: Nudges without an act before the one question whether to go on.
NUDGES = 3
#: Just before an instant: `first` looks after it.
INSTANT = timedelta(seconds=1)
_DAY, _HOUR, _QUARTER = 24 * 60, 60, 15
#: A reminder that went out some hours late does not move the days after it.
_LATE = timedelta(hours=13)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next reminder is for and when; `due` None: none is planned."""

    due: Due | None = None
    at: datetime | None = None
    nudges: int = 0


NOTHING = Plan()


def allowed(settings: Settings, minutes: int) -> int:
    """Return the time of day itself, or the nearest quarter of an hour outside the quiet hours."""
    if not _is_quiet(settings, minutes):
        return minutes
    for step in range(_QUARTER, _DAY, _QUARTER):
        for near in (minutes - minutes % _QUARTER + step, minutes - minutes % _QUARTER - step):
            if not _is_quiet(settings, near % _DAY):
                return near % _DAY
    return minutes


def _is_quiet(settings: Settings, minutes: int) -> bool:
    at = time(minutes // _HOUR, minutes % _HOUR)
    return is_quiet_hour(settings, datetime(2000, 1, 1, at.hour, at.minute, tzinfo=GUANGZHOU))


def first(clock: int, since: datetime) -> datetime:
    """Return the first instant after `since` at which Beijing's clocks show these minutes."""
    here = since.astimezone(GUANGZHOU)
    at = here.replace(hour=clock // _HOUR, minute=clock % _HOUR, second=0, microsecond=0)
    if at <= here:
        at += timedelta(days=1)  # Beijing has no summer time
    return at.astimezone(since.tzinfo)


def planned(place: Place, clock: int | None, now: datetime, *, is_new: bool = False) -> Plan:
    """Return the plan after an act that led to a place; `is_new`: a practice was just planned."""
    if clock is None or place.step is Step.DONE:
        return NOTHING
    if is_new:
        return Plan(Due.PRACTICE, first(clock, now))
    if place.step is Step.CHECK:
        return Plan(Due.CHECK, first(clock, now))
    return Plan(Due.LESSON, first(clock, now + SILENCE))


def sent(due: Due, nudges: int, clock: int | None, at: datetime) -> Plan:
    """Return the plan after a reminder was sent, or shown instead, and the parent did nothing yet.

    The check comes with the parent's time of the next day. A rest that is over makes the enrolment
    active again (`acts.woken`).
    """
    if clock is None or due is Due.ASK:
        return Plan(nudges=nudges)
    if due is Due.PRACTICE:
        return Plan(Due.CHECK, first(clock, at), nudges)
    if due is Due.LESSON:
        nudges += 1
    what = Due.ASK if nudges >= NUDGES else Due.LESSON
    return Plan(what, first(clock, at + SILENCE - _LATE), nudges)


def rest(clock: int | None, now: datetime) -> Plan:
    """Return the plan of a rest."""
    return NOTHING if clock is None else Plan(Due.RESUME, first(clock, now + REST))


def snoozed(place: Place, due: str, clock: int | None, until: datetime) -> Plan:
    """Return the plan after `tomorrow, please`: the same once more, not before `until`."""
    if clock is None or place.step is Step.DONE:
        return NOTHING
    if place.step is Step.CHECK:
        return Plan(Due.PRACTICE if due != Due.CHECK else Due.CHECK, until)
    return Plan(Due.LESSON, until)
