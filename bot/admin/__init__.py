"""Administration: the organisation, the staff and their grants, and who did what."""

from bot.admin import (
    audit_pages,
    calendar_pages,
    finding,
    grant_pages,
    invite_pages,
    jobs,
    role_pages,
    staff_pages,
    unit_pages,
)
from bot.feature import Feature

FEATURE = Feature(
    name="admin",
    pages=(
        *unit_pages.PAGES,
        *invite_pages.PAGES,
        *grant_pages.PAGES,
        *staff_pages.PAGES,
        *role_pages.PAGES,
        *audit_pages.PAGES,
        *calendar_pages.PAGES,
    ),
    badges={"/staff/grants": grant_pages.waiting},
    cards=grant_pages.cards,
    search=finding.search,
    jobs=((86400.0, jobs.forget_old), (3600.0, jobs.keep_head)),
)
