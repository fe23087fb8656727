"""The publicity week: plan, landing page, quiz, live talks, the wall of heirlooms, case cards."""

from bot.feature import Feature
from bot.week import (
    landing_pages,
    parent_pages,
    photo_pages,
    plan_pages,
    reminding,
    replies,
    talks,
    wall,
)

FEATURE = Feature(
    name="week",
    replies={
        "publicity_week": replies.publicity_week,
        "week_events": replies.week_events,
    },
    audiences={reminding.AUDIENCE: talks.booked},
    h5_pages=(*landing_pages.PAGES, *parent_pages.PAGES, *photo_pages.PAGES),
    jobs=(
        (30.0, reminding.remind),
        (10.0, wall.forget_files),
        (3600.0, reminding.forget_old),
    ),
    pages=plan_pages.PAGES,
)
