"""Learning: a parent chooses a course, reads, practises, is asked, finishes; in the chat."""

from bot.feature import Feature

FEATURE = Feature(name="learning")
