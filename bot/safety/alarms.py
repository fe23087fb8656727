"""What a turn notes of an alarm: raised, said again, answered. Plain rows, nothing is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.db.base import Instant
from bot.org.tables import units
from bot.safety.tables import alarms, steps
from bot.safety.words import DANGER, SLIP

NOW = 3
#: What a silence is called where answers stand.
SILENCE = "silence"
Note = tuple[Executable, Mapping[str, Any]]


def _word(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'")


def located(name: str) -> ColumnElement[str]:
    """Return the place named by a parameter if there is one, else the root: the city sees it."""
    here = select(units.c.path).where(units.c.path == bindparam(name)).scalar_subquery()
    root = select(func.min(units.c.path)).where(units.c.parent == _word("")).scalar_subquery()
    return func.coalesce(here, root, _word(""))


_GIVEN = ("code", "ticket", "category", "severity", "rule")
_raise = insert(alarms).values(
    {name: bindparam(name) for name in _GIVEN}
    | {
        "area": located("place"),
        "times": literal_column("1"),
        "level": literal_column("0"),
        "post_tries": literal_column("0"),
    }
    | {name: bindparam("now") for name in ("raised_at", "last_at", "due_at", "changed_at")}
    | {"post_at": bindparam("now")}
)
_graver = case(
    (alarms.c.severity < bindparam("grave"), bindparam("grave")), else_=alarms.c.severity
)
_mine = alarms.c.code == bindparam("alarm_code")
_again = (
    update(alarms)
    .where(_mine, alarms.c.closed_at.is_(None))
    .values(
        times=alarms.c.times + literal_column("1"),
        severity=_graver,
        last_at=bindparam("now"),
        changed_at=bindparam("now"),
    )
)
_answered = (
    update(alarms)
    .where(_mine, alarms.c.closed_at.is_(None))
    .values(choice=bindparam("told"), severity=_graver, changed_at=bindparam("now"))
)
#: A slip of the finger at a light word: nobody else is called up for it.
_rests = (
    update(alarms)
    .where(_mine, alarms.c.severity < bindparam("grave"))
    .values(due_at=bindparam("never", type_=Instant()))
    .execution_options(last=True)
)
step = insert(steps).values({n: bindparam(n) for n in ("alarm", "at", "what", "staff")})


def raised(row: Mapping[str, Any], now: datetime) -> Iterator[Note]:
    """Yield the notes of a new alarm; `row` has code, ticket, category, severity, rule, place."""
    yield _raise, {**row, "now": now}
    yield step, _step(row["code"], "raised", now)


def again(code: str, severity: int, now: datetime) -> Iterator[Note]:
    """Yield the notes of a parent who has said it again soon after."""
    yield _again, {"alarm_code": code, "grave": severity, "now": now}
    yield step, _step(code, "again", now)


def answered(code: str, choice: str, now: datetime) -> Iterator[Note]:
    """Yield the notes of the answer to the question; danger, or silence, is the gravest."""
    grave = NOW if choice in (DANGER, SILENCE) else 0
    yield _answered, {"alarm_code": code, "told": choice, "grave": grave, "now": now}
    if choice == SLIP:
        yield _rests, {"alarm_code": code, "grave": NOW, "never": None}
    yield step, _step(code, f"answer_{choice}", now)


def _step(code: str, what: str, now: datetime) -> dict[str, Any]:
    return {"alarm": code, "at": now, "what": what, "staff": None}
