"""What an enrolment can be, where in a lesson it stands, and what a reminder can be for."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """State of an enrolment: one that rests or stopped is never reminded."""

    ACTIVE = "active"
    RESTING = "resting"  # until the parent goes on, or the month is over
    STOPPED = "stopped"
    FINISHED = "finished"


class Step(StrEnum):
    """Where in a lesson a parent stands."""

    CARD = "card"
    QUIZ = "quiz"
    PRACTICE = "practice"  # the practice is shown, the time to be chosen or done at once
    CHECK = "check"  # the practice was to be done: was it?
    STUCK = "stuck"  # it was not: where did it stick?
    DONE = "done"


class Practice(StrEnum):
    """What became of a lesson's practice; empty before it is shown."""

    PLANNED = "planned"
    DONE = "done"
    NOT_DONE = "not_done"
    SKIPPED = "skipped"


class Due(StrEnum):
    """What the next reminder of an enrolment is for; at most one waits."""

    PRACTICE = "practice"  # tonight's practice, at the parent's own time
    CHECK = "check"  # the day after: did it work?
    LESSON = "lesson"  # an unfinished or the next lesson: a nudge
    ASK = "ask"  # after three nudges: go on, later, or stop?
    RESUME = "resume"  # a rest that was wished for is over
