"""Curation: the base is written, reviewed, tried, published and mended here."""

from bot.curation import tables  # noqa: F401 - known to the migrations
from bot.feature import Feature

FEATURE = Feature(name="curation")
