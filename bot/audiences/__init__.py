"""Audiences: who is meant by a message, saved and counted; codes that parents scan; the roster."""

from bot.audiences import code_pages, codes, pages, roster, roster_pages, tables
from bot.feature import Feature
from bot.people import audience_saved, reach

FEATURE = Feature(
    name="audiences", pages=(*pages.PAGES, *code_pages.PAGES), jobs=((86400.0, codes.forget_old),)
)
#: Their tables are known wherever features are.
_KNOWN = (tables, audience_saved, reach)
