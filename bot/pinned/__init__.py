"""What many ask at once in a district, and the official answer pinned there for a while."""

from bot.feature import Feature
from bot.pinned import cards, jobs, pages, surge_pages, watch, week

FEATURE = Feature(
    name="pinned",
    jobs=(
        (60.0, watch.watch_surges),
        (3600.0, week.count_hot),
        (3600.0, jobs.forget_surges),
    ),
    pages=(*pages.PAGES, *surge_pages.PAGES),
    badges={"/surges": cards.surges_badge},
    cards=cards.cards,
)
