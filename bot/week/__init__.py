"""The publicity week."""

from bot.feature import Feature
from bot.week import replies, tables, wall_tables

FEATURE = Feature(
    name="week",
    replies={
        "publicity_week": replies.publicity_week,
        "week_events": replies.week_events,
    },
)
_ = tables, wall_tables
