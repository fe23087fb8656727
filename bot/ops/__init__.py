"""Running the service: health and incidents, backups, the fence, jobs, metrics, the account."""

from bot.feature import Feature
from bot.ops import account_pages, health_pages, upkeep_pages, watch

FEATURE = Feature(
    name="ops",
    jobs=((60.0, watch.look_near), (600.0, watch.look_far), (86400.0, watch.forget_old)),
    pages=(*health_pages.PAGES, *account_pages.PAGES, *upkeep_pages.PAGES),
    badges={"/health": health_pages.badge},
    cards=health_pages.cards,
)
