"""The child first: help at once, one question, and an alert; nothing else beside it."""

from __future__ import annotations

from sqlalchemy import bindparam, insert

from bot.dialogue.engine import CRISIS
from bot.dialogue.turn import Pass, Turn
from bot.handoff.tables import alerts
from bot.logs import log
from intents import crisis as crisis_texts

_WAIT_MINUTES = 60
_CHOICES = ("1", "2", "3")

_alert = insert(alerts).values(
    {c.name: bindparam(c.name) for c in alerts.c if c.name not in {"id", "seen_at"}}
)


def crisis(turn: Turn) -> str:
    """Send the help of this category and wait for one answer; everything else is set aside."""
    assert turn.understanding is not None
    found = turn.understanding.crisis
    assert found is not None
    _note(turn, CRISIS, found.category, found.severity, found.rule, None)
    if not turn.is_trial:
        log.error("crisis", asker=turn.asker, category=found.category, severity=found.severity)
    until = turn.in_minutes(_WAIT_MINUTES).timestamp()
    turn.talk.forget()
    turn.talk.wait(
        kind=CRISIS,
        category=found.category,
        severity=found.severity,
        rule=found.rule,
        until=until,
    )
    return crisis_texts.reply(found, turn.rt.hotlines)


def after_crisis(turn: Turn) -> str | Pass:
    """Take the answer to the crisis question; whatever is not clearly 2 or 3 counts as danger."""
    pending = turn.talk.pending
    assert pending is not None
    assert turn.understanding is not None
    if turn.understanding.intent == "talk_to_person":
        return Pass.NOT_MINE
    number = str(turn.understanding.slots.get("choice", "1"))
    choice = number if number in _CHOICES else "1"
    category, severity = str(pending["category"]), int(pending["severity"])
    _note(turn, CRISIS, category, severity, str(pending["rule"]), choice)
    turn.talk.wait()
    turn.talk.calm = choice != "1"
    return crisis_texts.follow_up(category, severity, int(choice), turn.rt.hotlines)


def talk_to_person(turn: Turn) -> str:
    """Say what to do to reach a person, and keep the wish."""
    _note(turn, "person", "", 0, "intent", None)
    return turn.say("talk_to_person")


def _note(
    turn: Turn, kind: str, category: str, severity: int, rule: str, choice: str | None
) -> None:
    turn.write(
        _alert,
        {
            "at": turn.now,
            "asker": turn.asker,
            "kind": kind,
            "category": category,
            "severity": severity,
            "rule": rule,
            "choice": choice,
        },
    )
