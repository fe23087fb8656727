"""Who watches over a crisis: alarms and duty, checked numbers, signed texts, legal holds."""

from bot.feature import Feature

FEATURE = Feature(name="care")
