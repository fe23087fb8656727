"""Audiences: who is meant by a message, saved and counted; codes that parents scan; the roster."""

from bot.audiences import tables
from bot.feature import Feature
from bot.people import reach

FEATURE = Feature(name="audiences")
_ = tables, reach
