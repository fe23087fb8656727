"""The dashboard: questions counted by day, district, age band and topic, never by person."""

from bot.analytics import dashboard_pages, jobs
from bot.feature import Feature

FEATURE = Feature(
    name="analytics",
    jobs=((600.0, jobs.count_days),),
    pages=dashboard_pages.PAGES,
    cards=dashboard_pages.cards,
)
