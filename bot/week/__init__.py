"""The publicity week: plan, landing page, quiz, live talks, the wall of heirlooms, case cards."""

from bot.feature import Feature
from bot.week import (
    case_pages,
    jobs,
    landing_pages,
    leaving,
    live_replies,
    moderating,
    parent_pages,
    photo_pages,
    plan_pages,
    quiz_pages,
    reminding,
    replies,
    report_pages,
    talk_pages,
    talks,
    wall,
    wall_pages,
)

FEATURE = Feature(
    name="week",
    replies={
        "publicity_week": replies.publicity_week,
        "week_events": replies.week_events,
        live_replies.TALK: live_replies.live_talk,
        live_replies.STORY: live_replies.heirloom,
    },
    choices={
        live_replies.TALK: live_replies.choose_talk,
        live_replies.STORY: live_replies.choose_story,
    },
    audiences={reminding.AUDIENCE: talks.booked},
    erase=leaving.erase,
    export=leaving.export,
    h5_pages=(*landing_pages.PAGES, *parent_pages.PAGES, *photo_pages.PAGES),
    jobs=(
        (30.0, reminding.remind),
        (10.0, wall.forget_files),
        (3600.0, reminding.forget_old),
        (3600.0, jobs.forget_refused),
        (3600.0, jobs.sweep),
    ),
    pages=(
        *plan_pages.PAGES,
        *report_pages.PAGES,
        *quiz_pages.PAGES,
        *talk_pages.PAGES,
        *wall_pages.PAGES,
        *case_pages.PAGES,
    ),
    badges={"/week/wall": moderating.badge},
)
