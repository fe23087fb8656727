"""Curation: the base is written, reviewed, tried, published and mended here."""

from bot.curation import entry_pages
from bot.feature import Feature

FEATURE = Feature(name="curation", pages=entry_pages.PAGES)
