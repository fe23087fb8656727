"""The children a parent has told of: listed, added, taken away."""

from __future__ import annotations

from bot.clock import day
from bot.dialogue import flow_read
from bot.dialogue.engine import INTENT
from bot.dialogue.flow import Shown
from bot.dialogue.flow_state import Answers
from bot.dialogue.turn import Turn
from bot.org import grades
from bot.profile import classes, family, onboarding
from bot.wechat.replies import Reply

ADD, REMOVE = "add_child", "remove_child"
_SLOTS = ("grades", "ages")


def add(turn: Turn) -> Reply | str | None:
    """Take the grades the wish itself names, or ask; who has not agreed yet is asked that first."""
    if not family.has_agreed(turn):
        return turn.begin(onboarding.FLOW, at="offer")
    count = len(family.mine(turn))
    if count >= family.CHILDREN_MOST:
        return turn.say("family", "too_many")
    found = next(filter(None, (flow_read.read(turn, slot) for slot in _SLOTS)), "")
    if not found:
        return turn.begin(ADD, count=str(count))
    today = day(turn.now)
    told = [grades.place(c, today) for c in found.split(",")][: family.CHILDREN_MOST - count]
    for stage, year in told:
        family.add(turn, stage, year)
    names = [family.called(stage, year, today) for stage, year in told]
    return turn.say("family", "child_added", text="、".join(names))


def more(turn: Turn, answers: Answers) -> Shown:
    """Say which children were added just now."""
    noted = onboarding.noted(turn, answers)
    return Shown({"noted": f"{noted}\n" if noted else ""})


def added(turn: Turn, answers: Answers) -> str:
    """Say what was added in this flow; the rows were written step by step."""
    today = day(turn.now)
    told = [grades.place(code, today) for code in onboarding.all_codes(answers)]
    if not told:
        return turn.say("family", "child_none")
    names = [family.called(stage, year, today) for stage, year in told]
    return turn.say("family", "child_added", text="、".join(names))


def remove(turn: Turn) -> Reply | str | None:
    """Begin to take a child away."""
    if not family.mine(turn):
        return none(turn)
    return turn.begin(REMOVE)


def removed(turn: Turn, answers: Answers) -> str:
    """Take the child away if the parent is sure."""
    gone = answers.last("child")
    name = classes.label(turn, gone)
    if answers.last("sure") != "yes" or not name:
        return turn.say("family", "class_kept")
    family.remove(turn, int(gone))
    return turn.say("family", "removed", text=name)


def mine(turn: Turn) -> str:
    """List the children, and what can be changed by number."""
    listed = family.mine(turn)
    if not listed:
        return none(turn)
    lines = [
        turn.say("family", "mine_line", count=str(n), text=child.label)
        for n, child in enumerate(listed, 1)
    ]
    wishes = [(ADD, "mine_add"), (REMOVE, "mine_remove")]
    if any(child.unit for child in listed):
        wishes.append((classes.LEAVE, "mine_leave"))
    offered = _offer(turn, wishes)
    return "\n".join(
        [turn.say("family", "mine"), *lines, turn.say("family", "mine_more"), *offered]
    )


def none(turn: Turn) -> str:
    """Say that there is no child yet, and offer to add one."""
    return "\n".join([turn.say("family", "mine_none"), *_offer(turn, [(ADD, "mine_add")])])


def _offer(turn: Turn, wishes: list[tuple[str, str]]) -> list[str]:
    labels = [turn.say("family", text) for _, text in wishes]
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(INTENT, [intent for intent, _ in wishes], until, labels)
    return [f"{n} {label}" for n, label in enumerate(labels, 1)]
