"""Audiences: who is meant by a message, saved and counted; codes that parents scan; the roster."""

from bot.audiences import code_pages, codes, pages, roster, roster_pages
from bot.feature import Feature

FEATURE = Feature(
    name="audiences",
    pages=(*pages.PAGES, *code_pages.PAGES, *roster_pages.PAGES),
    jobs=((86400.0, codes.forget_ended), (86400.0, roster.forget_files)),
)
