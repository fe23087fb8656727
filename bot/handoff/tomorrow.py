"""The question of the next day: put after the second reply, sent if the parent agrees."""

from __future__ import annotations

from sqlalchemy import bindparam, insert

from bot.dialogue.turn import Pass, Turn
from bot.handoff import wishes
from bot.handoff.tables import Asked, Side, follow_ups
from bot.safety import words
from bot.safety.rules import rules

#: What a conversation waits for after the second reply.
TOMORROW = "crisis_tomorrow"
_YES, _NO = frozenset(("feedback_helpful", "yes")), frozenset(("feedback_not_helpful", "no"))
_GIVEN = ("ticket", "account", "openid", "agreed_at", "due_at", "expires_at", "state")
_agree = insert(follow_ups).values({name: bindparam(name) for name in _GIVEN})


def ask(turn: Turn, *, is_calm: bool) -> str:
    """Ask whether to ask again the next day; `is_calm`: what stood aside may be offered then."""
    until = turn.in_minutes(rules().answer_minutes).timestamp()
    turn.talk.wait(kind=TOMORROW, calm=is_calm, until=until)
    return words.say(turn.rt, "follow_up.ask")


def answer(turn: Turn) -> str | Pass:
    """Take yes or no; anything else goes its own way, and nothing is sent the next day."""
    pending, understood = turn.talk.pending, turn.understanding
    assert pending is not None
    assert understood is not None
    number = understood.slots.get("choice") if understood.intent == "number_choice" else None
    if number == 1 or understood.intent in _YES:
        _agreed(turn)
        name = "follow_up.agreed"
    elif number == 2 or understood.intent in _NO:  # noqa: PLR2004 - as numbered in soft.yaml
        name = "follow_up.declined"
    else:
        return Pass.NOT_MINE
    turn.talk.wait()
    turn.talk.calm = bool(pending.get("calm"))
    return words.say(turn.rt, name)


def _agreed(turn: Turn) -> None:
    at = turn.talk.desk
    due = turn.now + rules().follow_up
    row = {"ticket": at.ticket if at else "", "state": Asked.WAITING, "agreed_at": turn.now}
    row |= {"account": turn.message.account, "openid": turn.message.openid}
    row |= {"due_at": due, "expires_at": due + rules().follow_up_keep}
    turn.write(_agree, row)
    if at is not None:
        wishes.line(turn, at.ticket, Side.SYSTEM, "tomorrow")
