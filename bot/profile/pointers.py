"""Intents answered by one text that points somewhere: a way to do it, a place, a number."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.turn import ReplyFunction, Turn
from bot.profile.replies import plain

#: About the account itself, and who else helps.
_ACCOUNT = ("about_bot", "answer_source", "complaint", "language_help", "suggest", "voice_help")
#: Words that answer a question of ours, where none is open.
_FLOW = ("yes", "no", "back", "skip", "cancel", "repeat")
#: How a class is joined and changed: by scanning its code.
_CLASS = ("bind_class", "change_class")
#: Topics whose hotline card differs; a leaf has the card of its top unless it stands here.
_CARDS: Mapping[str, str] = {
    "comm": "mind",
    "emo": "mind",
    "fam": "home",
    "hs": "school",
    "peer": "school",
    "pol": "school",
    "safe.dv": "home",
}


def find_hotline(turn: Turn) -> str:
    """Say which number to call when; the card of the topic, if the words name one."""
    assert turn.understanding is not None
    topic = str(turn.understanding.slots.get("topic", ""))
    card = _CARDS.get(topic) or _CARDS.get(topic.partition(".")[0], "main")
    return turn.say("find_hotline", card)


REPLIES: Mapping[str, ReplyFunction] = {
    **{name: plain(name) for name in (*_ACCOUNT, *_FLOW, *_CLASS)},
    "find_hotline": find_hotline,
}
