"""One turn without a database: what a parent would be told, and how it was understood."""

from __future__ import annotations

from typing import Any

from bot.dialogue import codes
from bot.dialogue.conversation import Talk
from bot.dialogue.engine import Engine
from bot.dialogue.turn import Turn
from bot.runtime import Runtime
from bot.wechat.messages import Text
from bot.wechat.replies import TextReply
from intents.moments import Moment
from intents.understand import Understanding

_NOBODY = "trial"


def ask(rt: Runtime, engine: Engine, text: str) -> dict[str, Any]:
    """Return text, band, intent, slots, crisis, reply; the writes of the turn are dropped.

    `band` is crisis or task, else `answer` until the caller knows better.
    """
    now = rt.clock.now()
    message = Text(_NOBODY, _NOBODY, int(now.timestamp()), "0", text)
    turn = Turn(
        rt=rt,
        message=message,
        talk=Talk(),
        now=now,
        asker=_NOBODY,
        decision=codes.code(rt.code_key, _NOBODY, text),
        is_trial=True,
    )
    reply = engine.respond(turn)
    understanding = turn.understanding
    assert understanding is not None
    crisis = understanding.crisis
    return {
        "id": "",
        "text": text,
        "band": _band(understanding),
        "intent": understanding.intent,
        "slots": {name: _plain(value) for name, value in understanding.slots.items()},
        "crisis": {"category": crisis.category, "severity": crisis.severity} if crisis else None,
        "hits": [],
        "reply": reply.text if isinstance(reply, TextReply) else "",
    }


def _plain(value: Any) -> Any:
    """Return a slot as JSON can hold it."""
    if isinstance(value, Moment):
        return value.to_json()
    return list(value) if isinstance(value, tuple) else value


def _band(understanding: Understanding) -> str:
    if understanding.crisis is not None:
        return "crisis"
    if understanding.intent == "out_of_scope":
        return "decline"
    return "answer" if understanding.intent == "ask_question" else "task"
