"""Short lines for grandparents: a long reply is shown some lines at a time, never reworded."""

from __future__ import annotations

from bot.dialogue.conversation import INTENT
from bot.dialogue.turn import Turn
from bot.wechat.texts import TEXT_LIMIT_BYTES

#: Lines of a reply, the last of which offers what comes next.
LINES = 5
#: What the numbers of the last line stand for, as they are in `flow.short`.
_NEXT = ("continue", "talk_to_person")


def short(turn: Turn, text: str) -> tuple[str, str]:
    """Return the lines to show and the rest; `1` goes on, `2` asks for a person."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) <= LINES or len(text.encode()) > TEXT_LIMIT_BYTES:
        return text, ""
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(INTENT, list(_NEXT), until)
    shown = [*lines[: LINES - 1], turn.say("flow", "short")]
    return "\n".join(shown), "\n".join(lines[LINES - 1 :])
