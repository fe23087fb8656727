"""The dashboard: questions by day, and the parents' way through the school; never a person."""

from bot.analytics import dashboard_pages, funnel_job, funnel_pages, jobs
from bot.feature import Feature

FEATURE = Feature(
    name="analytics",
    jobs=((600.0, jobs.count_days), (1800.0, funnel_job.count_funnel)),
    pages=(*dashboard_pages.PAGES, *funnel_pages.PAGES),
    cards=dashboard_pages.cards,
)
