"""What a version of a course can be."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of a version; one that is published never changes and is never deleted."""

    DRAFT = "draft"
    REVIEW = "review"
    REJECTED = "rejected"  # came back with a note
    APPROVED = "approved"  # waits for who publishes
    PUBLISHED = "published"


#: A course has at most one version that is none of the published ones.
OPEN = (State.DRAFT, State.REVIEW, State.REJECTED, State.APPROVED)
