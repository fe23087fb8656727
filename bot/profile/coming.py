"""Lessons, stars, certificates, sign-up, reminders: until a feature has them, the honest word."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.turn import ReplyFunction
from bot.profile.replies import plain

#: Intents answered by one text of intents/zh: what is possible today.
COMING = (
    "find_course",
    "enrol_course",
    "cancel_course",
    "my_courses",
    "next_lesson",
    "my_progress",
    "my_stars",
    "my_certificate",
    "verify_certificate",
    "reminder_time",
    "snooze",
    "check_in",
    "practice_done",
    "practice_not_done",
    "lesson_replay",
    "survey",
    "past_messages",
    "class_activity",
)


REPLIES: Mapping[str, ReplyFunction] = {intent: plain(intent) for intent in COMING}
