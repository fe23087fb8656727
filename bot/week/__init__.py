"""The publicity week."""

from bot.feature import Feature
from bot.week import plan_pages, replies, tables, wall_tables

FEATURE = Feature(
    name="week",
    replies={
        "publicity_week": replies.publicity_week,
        "week_events": replies.week_events,
    },
    pages=plan_pages.PAGES,
)
_ = tables, wall_tables
