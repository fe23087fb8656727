"""A class's code scanned by who has agreed already: add, change, or neither; leaving a class."""

from __future__ import annotations

from bot.dialogue.flow import Shown
from bot.dialogue.flow_shown import named
from bot.dialogue.flow_state import Answers
from bot.dialogue.turn import Turn
from bot.profile import family
from bot.profile.family import Child
from bot.profile.places import Place, known
from bot.wechat.replies import Reply

JOIN, OTHER, LEAVE = "join_class", "other_class", "leave_class"
_YES = "yes"


def scanned(turn: Turn, place: Place) -> Reply | str | None:
    """Answer a class's code: nothing known is overwritten without being asked."""
    mine = family.mine(turn)
    if any(child.unit == place.unit.path for child in mine):
        return turn.say("family", "class_same", text=place.label)
    flow = OTHER if mine else JOIN
    return turn.begin(flow, unit=place.unit.path, label=place.label)


def name(_turn: Turn, answers: Answers) -> Shown:
    """Say which class, or which child, it is about."""
    return Shown({"name": answers.last("label")})


def child(turn: Turn, _answers: Answers) -> Shown:
    """Ask which child; with one there is nothing to ask."""
    return which(family.mine(turn))


def bound(turn: Turn, _answers: Answers) -> Shown:
    """Ask which child among those of a class."""
    return which([one for one in family.mine(turn) if one.unit])


def which(mine: list[Child]) -> Shown:
    """Offer children by their names; one alone is chosen already."""
    options = tuple(named(str(one.id), one.label) for one in mine)
    return Shown(options=options, answer=options[0].value if len(options) == 1 else "")


def sure(turn: Turn, answers: Answers) -> Shown:
    """Name the child that was chosen."""
    return Shown({"name": label(turn, answers.last("child"))})


def label(turn: Turn, child: str) -> str:
    """Return what a child is called; empty where it is gone."""
    return next((one.label for one in family.mine(turn) if str(one.id) == child), "")


def joined(turn: Turn, answers: Answers) -> str:
    """Keep the first child, by its class."""
    if answers.last("sure") != _YES:
        return turn.say("family", "class_kept")
    return _add(turn, answers)


def chosen(turn: Turn, answers: Answers) -> str:
    """Add a child, or move one, as the parent chose."""
    choice, place = answers.last("which"), _place(turn, answers)
    if choice == "add":
        return _add(turn, answers)
    moved = answers.last("child")
    if choice != "change" or place is None or not moved:
        return turn.say("family", "class_kept")
    family.move(turn, int(moved), place)
    return turn.say("family", "class_joined", text=place.label)


def left(turn: Turn, answers: Answers) -> str:
    """Let a child be of no class any more."""
    if answers.last("sure") != _YES:
        return turn.say("family", "class_kept")
    gone = answers.last("child")
    named_ = label(turn, gone)
    family.leave(turn, int(gone))
    return turn.say("family", "class_left", text=named_)


def leave(turn: Turn) -> Reply | str | None:
    """Begin to leave a class."""
    if not any(one.unit for one in family.mine(turn)):
        return turn.say("family", "class_none")
    return turn.begin(LEAVE)


def _add(turn: Turn, answers: Answers) -> str:
    place = _place(turn, answers)
    if place is None:
        return turn.say("family", "class_kept")
    if len(family.mine(turn)) >= family.CHILDREN_MOST:
        return turn.say("family", "too_many")
    family.add(turn, place.unit.stage or "", place.unit.entry_year, place.unit.path)
    return turn.say("family", "class_joined", text=place.label)


def _place(turn: Turn, answers: Answers) -> Place | None:
    path = answers.given["unit"]
    return known(turn, [path]).get(path)
