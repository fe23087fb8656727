"""The life of an entry: draft, review, approved, published, retired; and what made a revision."""

from __future__ import annotations

from enum import StrEnum

#: From this risk on nobody may approve what they wrote themselves (MISSION 2 D).
TWO_PERSONS = 2


class State(StrEnum):
    """Where the working copy stands. What parents get is another row."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETIRED = "retired"


class Origin(StrEnum):
    """What made a revision."""

    EDIT = "edit"
    IMPORT = "import"
    ROLLBACK = "rollback"
    FILE = "file"
    GAP = "gap"
    REVIEW = "review"


#: States in which an entry may be changed, sent to review and so on.
EDITABLE = (State.DRAFT, State.REVIEW, State.APPROVED, State.PUBLISHED, State.RETIRED)
