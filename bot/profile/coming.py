"""Stars, certificates, sign-up: until a feature has them, the honest word."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.turn import ReplyFunction
from bot.profile.replies import plain

#: Intents answered by one text of intents/zh: what is possible today.
COMING = (
    "my_stars",
    "my_certificate",
    "verify_certificate",
    "check_in",
    "survey",
    "past_messages",
    "home_visit",
    "class_activity",
)


REPLIES: Mapping[str, ReplyFunction] = {intent: plain(intent) for intent in COMING}
