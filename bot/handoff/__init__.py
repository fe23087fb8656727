"""A person instead of the bot: every crisis, every wish to talk, and the staff's inbox."""

from bot.dialogue.engine import CRISIS
from bot.feature import Feature
from bot.handoff import listening, replies, wishes

FEATURE = Feature(
    name="handoff",
    replies={
        "talk_to_person": replies.talk_to_person,
        "end_talk": replies.end_talk,
        "who_saw_me": replies.who_saw_me,
    },
    pending={CRISIS: replies.after_crisis},
    erase=wishes.erased,
)
crisis = replies.crisis
PERSON = listening.PERSON
