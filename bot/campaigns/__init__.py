"""Campaigns: one message to many parents, looked at by a second person, and what became of it."""

from bot.campaigns import (
    article_tables,
    audiences,
    brake_pages,
    compose_pages,
    cover_pages,
    export,
    links,
    list_pages,
    messages,
    ordering,
    proposed,
    publishing,
    review_pages,
    run_pages,
    tables,
    trying,
    withdrawing,
)
from bot.campaigns.judging import know_pages
from bot.feature import Feature
from bot.wechat import events as told

__all__ = ["FEATURE", "know_pages"]

FEATURE = Feature(
    name="campaigns",
    audiences=audiences.AUDIENCES,
    code=trying.linked,
    draft_campaign=proposed.make,
    erase=export.erased,
    export=export.export,
    h5_pages=links.PAGES,
    messages=messages.MAILBOX,
    events={told.Published: publishing.told},
    jobs=((10.0, ordering.order_approved), (30.0, withdrawing.withdraw_articles)),
    pages=(
        *list_pages.PAGES,
        *compose_pages.PAGES,
        *cover_pages.PAGES,
        *review_pages.PAGES,
        *run_pages.PAGES,
        *brake_pages.PAGES,
    ),
    badges={"/campaigns": list_pages.badge},
)
_ = tables, article_tables
