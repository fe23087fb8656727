"""Surveys, earlier messages: until a feature has them, the honest word."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.turn import ReplyFunction
from bot.profile.replies import plain

#: Intents answered by one text of intents/zh: what is possible today.
COMING = (
    "survey",
    "past_messages",
)


REPLIES: Mapping[str, ReplyFunction] = {intent: plain(intent) for intent in COMING}
