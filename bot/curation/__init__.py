"""Curation: the base is written, reviewed, tried, published and mended here."""

from bot.curation import (
    entry_pages,
    export_pages,
    golden_pages,
    import_pages,
    importing,
    publish_pages,
    publishing,
    workflow_pages,
)
from bot.feature import Feature

FEATURE = Feature(
    name="curation",
    pages=(
        *entry_pages.PAGES,
        *workflow_pages.PAGES,
        *publish_pages.PAGES,
        *golden_pages.PAGES,
        *import_pages.PAGES,
        *export_pages.PAGES,
    ),
    jobs=((60.0, publishing.publish_due), (3600.0, importing.forget)),
)
