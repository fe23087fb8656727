"""Intents answered by one text that points somewhere: a way to do it, a place, a number."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.turn import ReplyFunction, Turn
from bot.profile.replies import plain

#: About the account itself, and who else helps.
_ACCOUNT = ("about_bot", "answer_source", "complaint", "language_help", "suggest", "voice_help")
#: Commands whose flow is not running.
_FLOW = ("yes", "no", "back", "skip", "cancel", "repeat")
#: What a parent has registered, and how the account talks.
_FAMILY = (
    "bind_class",
    "leave_class",
    "change_class",
    "add_child",
    "remove_child",
    "my_children",
    "elder_mode",
    "normal_mode",
)
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
    **{name: plain(name) for name in (*_ACCOUNT, *_FLOW, *_FAMILY)},
    "find_hotline": find_hotline,
}
