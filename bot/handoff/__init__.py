"""A person instead of the bot: every crisis, and every wish to talk."""

from bot.dialogue.engine import CRISIS
from bot.feature import Feature
from bot.handoff import replies

FEATURE = Feature(
    name="handoff",
    replies={"talk_to_person": replies.talk_to_person},
    pending={CRISIS: replies.after_crisis},
)
crisis = replies.crisis
