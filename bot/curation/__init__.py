"""Curation: the base is written, reviewed, tried, published and mended here."""

from bot.curation import (
    entry_pages,
    jobs,
    tables,  # noqa: F401 - known to the migrations
    wishing,
)
from bot.feature import Feature

FEATURE = Feature(
    name="curation",
    replies={"tell_me_later": wishing.tell_me_later},
    erase=wishing.erase,
    jobs=((60.0, jobs.collect), (60.0, jobs.settle), (3600.0, jobs.forget_old)),
    pages=entry_pages.PAGES,
)
