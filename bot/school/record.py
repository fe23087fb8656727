"""The one learning record (一本账): each thing learned once, its hours by rules that are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Executable, Select, bindparam, delete, select

from bot.db.upsert import insert_if_new
from bot.people.families import Person
from bot.school.learner_tables import evidence

_COLUMNS = (
    "account", "openid", "kind", "about", "subject", "title", "minutes", "way", "unit", "at",
)  # fmt: skip

#: Forgets everything a parent learned (`owner`, `parent`).
forget = delete(evidence).where(
    evidence.c.account == bindparam("owner"), evidence.c.openid == bindparam("parent")
)


class Kind(StrEnum):
    """What proves that something was learned."""

    LESSON = "lesson"  # cards read and quiz answered
    PRACTICE = "practice"  # done at home, as the parent says
    ONSITE = "onsite"
    GATE = "gate"
    ACTIVITY = "activity"
    LIVE = "live"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Learned:
    """One thing learned. `about` is unique for a person and kind, so a repeat changes nothing.

    `subject` is what it teaches; `minutes` what it takes, before the rules of hours.yaml.
    """

    kind: Kind
    about: str
    subject: str
    title: str
    minutes: int
    way: str
    at: datetime
    unit: str = ""


def note(
    person: Person, learned: Learned, *, is_sqlite: bool
) -> tuple[Executable, Mapping[str, Any]]:
    """Return the statement and its row that note it; a second time it does nothing.

    For `turn.write(*note(…))`, and `tx.execute(*note(…))` alike.
    """
    row = {"account": person[0], "openid": person[1]}
    row |= {name: getattr(learned, name) for name in _COLUMNS if name not in row}
    return insert_if_new(evidence, _COLUMNS, is_sqlite=is_sqlite), row


def has(person: Person, kind: Kind, about: str) -> Select[Any]:
    """Return when somebody learned this very thing; no row: not yet."""
    e = evidence.c
    mine = (e.account == person[0]) & (e.openid == person[1])
    return select(e.at).where(mine, e.kind == kind, e.about == about)


def of(person: Person) -> Select[Any]:
    """Return the rows of a parent's record, newest first."""
    e = evidence.c
    mine = (e.account == person[0]) & (e.openid == person[1])
    return select(evidence).where(mine).order_by(e.at.desc(), e.id.desc())


def minutes(rows: Iterable[Any]) -> int:
    """Return the minutes that count: a subject once, by its longest proof, and within its limits.

    Source: hours.yaml, which the bureau has to confirm (CONTENT.md, open questions 4).
    """
    rules = hours()
    longest: dict[tuple[str, str], int] = {}
    for row in rows:
        group = "practice" if row.kind == Kind.PRACTICE else "taught"
        at = (group, row.subject)
        longest[at] = max(longest.get(at, 0), min(row.minutes, rules["most"][row.kind]))
    return sum(longest.values())


@cache
def hours() -> dict[str, Any]:
    """Return the rules of hours.yaml."""
    path = Path(__file__).with_name("hours.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
