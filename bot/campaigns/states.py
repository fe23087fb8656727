"""Where a campaign stands, and what may be noted about it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a campaign stands; what was ordered goes on in the ledger."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a person who looks at it
    REJECTED = "rejected"  # goes on like a draft
    APPROVED = "approved"  # its article is being put into the account; then it is ordered
    ORDERED = "ordered"
    ARCHIVED = "archived"


#: Its text may be changed.
OPEN = frozenset((State.DRAFT, State.SUBMITTED, State.REJECTED))


class Verdict(StrEnum):
    """What somebody did with a campaign."""

    MADE = "made"
    EDITED = "edited"
    TESTED = "tested"
    SUBMITTED = "submitted"
    VOIDED = "voided"  # edited after it was submitted
    REJECTED = "rejected"
    APPROVED = "approved"
    RETURNED = "returned"  # by the machine: its article is not published, or its time is over
    UNDONE = "undone"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    SEEN = "seen"  # rows with an unknown outcome were looked at
    ARCHIVED = "archived"


#: Who did one of these has a hand in the text, and is no second person.
OWN_HAND = (Verdict.MADE, Verdict.EDITED, Verdict.SUBMITTED)
