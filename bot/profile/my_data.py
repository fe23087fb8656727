"""One's own data: what is kept in words, and a link to all of it for an hour."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.h5 import links


def privacy(turn: Turn) -> str:
    """Say what becomes of personal data, with the page that says all of it."""
    said, link = turn.say("privacy"), links.page(turn.rt, "privacy")
    return f"{said}\n{turn.say('privacy', 'page', link=link)}" if link else said


def my_data(turn: Turn) -> str:
    """Say what is kept, and give the link where each thing stands."""
    return _with_link(turn, "my_data", _summary(turn))


def export_data(turn: Turn) -> str:
    """Give the link to the file with everything; without pages say who can help."""
    if links.page(turn.rt, ""):
        return _with_link(turn, "export_data", turn.say("export_data"))
    return "\n".join([_summary(turn), turn.say("export_data", "no_page")])


def _summary(turn: Turn) -> str:
    given = turn.rt.settings
    return turn.say("my_data", hours=str(given.inbox_hours), count=str(given.decision_days))


def _with_link(turn: Turn, intent: str, said: str) -> str:
    person = (turn.message.account, turn.message.openid)
    link = links.give(turn.rt, turn.write, person, turn.message.key, turn.now)
    return f"{said}\n{turn.say(intent, 'page', link=link)}" if link else said
