"""Curation: the base is written, reviewed, tried, published and mended here."""

from bot.curation import (
    entry_pages,
    export,
    export_pages,
    finding,
    gap_cards,
    gap_pages,
    golden_pages,
    import_pages,
    importing,
    jobs,
    publish_pages,
    publishing,
    try_pages,
    wishing,
    workflow_pages,
)
from bot.feature import Feature

FEATURE = Feature(
    name="curation",
    replies={"tell_me_later": wishing.tell_me_later},
    erase=wishing.erase,
    export=export.export,
    jobs=(
        (60.0, publishing.publish_due),
        (60.0, jobs.collect),
        (60.0, jobs.settle),
        (3600.0, jobs.forget_old),
        (3600.0, importing.forget),
    ),
    pages=(
        *entry_pages.PAGES,
        *workflow_pages.PAGES,
        *publish_pages.PAGES,
        *golden_pages.PAGES,
        *import_pages.PAGES,
        *export_pages.PAGES,
        *gap_pages.PAGES,
        *try_pages.PAGES,
    ),
    badges={"/gaps": gap_cards.badge},
    cards=gap_cards.cards,
    search=finding.search,
)
