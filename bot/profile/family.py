"""A parent's rows: guardian, children, the consent to begin. Few wishes read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, literal_column, select, update

from bot.clock import day
from bot.dialogue.turn import Turn
from bot.h5 import privacy
from bot.org import grades
from bot.people import consents, joining
from bot.people.consents import Kind
from bot.people.families import children, guardians
from bot.profile.places import Place, known

CHILDREN_MOST = 6
CODE, TOLD = "code", "told"

_child = insert(children).values({c.name: bindparam(c.name) for c in children.c if c.name != "id"})
_me = (guardians.c.account == bindparam("a"), guardians.c.openid == bindparam("o"))
_role = (
    update(guardians)
    .where(*_me)
    .values(role=bindparam("who"), changed_at=bindparam("now"))
    .execution_options(last=True)
)
_elder = (
    update(guardians)
    .where(*_me)
    .values(is_elder=bindparam("elder"), changed_at=bindparam("now"))
    .execution_options(last=True)
)
_mine = (children.c.account == bindparam("a"), children.c.openid == bindparam("o"))
_move = (
    update(children)
    .where(*_mine, children.c.id == bindparam("child"))
    .values(
        stage=bindparam("to_stage"),
        entry_year=bindparam("to_year"),
        unit=bindparam("to_unit"),
        source=bindparam("by"),
    )
    .execution_options(last=True)
)
_leave = (
    update(children)
    .where(*_mine, children.c.id == bindparam("child"))
    .values(unit=literal_column("''"))
    .execution_options(last=True)
)
_remove = delete(children).where(*_mine, children.c.id == bindparam("child"))
_forget = (
    delete(guardians).where(*_me),
    delete(children).where(*_mine),
)


@dataclass(frozen=True, slots=True)
class Child:
    """One child of a guardian, and what it is called today."""

    id: int
    stage: str
    entry_year: int | None
    unit: str
    label: str


def has_agreed(turn: Turn) -> bool:
    """Say whether the parent has agreed to the service."""
    return bool(turn.read(joining.has_agreed((turn.message.account, turn.message.openid))))


def mine(turn: Turn) -> list[Child]:
    """Return the parent's children in the order they were told of."""
    rows = turn.read(
        select(children.c.id, children.c.stage, children.c.entry_year, children.c.unit)
        .where(children.c.account == turn.message.account, children.c.openid == turn.message.openid)
        .order_by(children.c.id)
    )
    places = known(turn, [row.unit for row in rows])
    return [
        Child(row.id, row.stage, row.entry_year, row.unit, _label(turn, row, places.get(row.unit)))
        for row in rows
    ]


def _label(turn: Turn, row: Child, place: Place | None) -> str:
    return place.label if place is not None else called(row.stage, row.entry_year, day(turn.now))


def called(stage: str, entry_year: int | None, today: date) -> str:
    """Return what a child's grade is called today, or its stage where the grade is not known."""
    words = grades.words()
    if stage == grades.INFANT:
        return words.labels["infant"]
    if entry_year is None:
        return words.stages[stage]
    named = grades.grade(stage, entry_year, today)
    return f"{words.stages[stage]}{named}" if stage == "kinder" else named


def agree(turn: Turn) -> None:
    """Note that the parent has agreed to the service, and to nothing else."""
    for one in joining.agree(
        (turn.message.account, turn.message.openid), turn.now, privacy.version(),
        is_elder=turn.talk.is_elder, is_sqlite=turn.rt.db.is_sqlite,
    ):  # fmt: skip
        turn.write(*one)


def consent(turn: Turn, kind: Kind, *, given: bool) -> None:
    """Note one consent or its refusal, to the privacy text in force."""
    person = (turn.message.account, turn.message.openid)
    consents.note(turn.write, person, kind, turn.now, given=given, version=privacy.version())


def add(turn: Turn, stage: str, entry_year: int | None, unit: str = "") -> None:
    """Note a child, by its class where a code told it."""
    told = {"stage": stage, "entry_year": entry_year, "unit": unit, "added_at": turn.now}
    turn.write(_child, _person(turn) | told | {"source": CODE if unit else TOLD})


def move(turn: Turn, child: int, place: Place) -> None:
    """Note that a child belongs to another class from now on."""
    unit = place.unit
    told = {"to_stage": unit.stage or "", "to_year": unit.entry_year, "to_unit": unit.path}
    turn.write(_move, _own(turn) | told | {"child": child, "by": CODE})


def leave(turn: Turn, child: int) -> None:
    """Note that a child is of no class any more."""
    turn.write(_leave, _own(turn) | {"child": child})


def remove(turn: Turn, child: int) -> None:
    """Note that a child is taken away."""
    turn.write(_remove, _own(turn) | {"child": child})


def set_role(turn: Turn, role: str) -> None:
    """Note who the parent is to the child."""
    turn.write(_role, _own(turn) | {"who": role, "now": turn.now})


def set_elder(turn: Turn, *, is_elder: bool) -> None:
    """Speak in short lines from now on, or no longer; the talk keeps it, too."""
    turn.talk.set_elder(is_elder=is_elder)
    turn.write(_elder, _own(turn) | {"elder": is_elder, "now": turn.now})


def erase(turn: Turn) -> None:
    """Note the deletion of guardian and children."""
    for statement in _forget:
        turn.write(statement, _own(turn))


def _person(turn: Turn) -> dict[str, object]:
    return {"account": turn.message.account, "openid": turn.message.openid}


def _own(turn: Turn) -> dict[str, object]:
    return {"a": turn.message.account, "o": turn.message.openid}
