"""A cell's text to a value: codes as people write them, beside what every table has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.curation.exchange import columns
from bot.spreadsheet.values import day, items
from knowledge.topics import topics

__all__ = ["allowed", "code", "day", "items", "topic"]


def code(text: str, words: Mapping[str, str]) -> str:
    """Return the code that a word stands for, or the text itself."""
    return words.get(text, text)


def topic(text: str) -> str:
    """Return the topic that a name stands for, or the text itself."""
    return _topic_names().get(text, text)


@cache
def _topic_names() -> Mapping[str, str]:
    return {topic.name: topic.id for topic in topics().values()}


def allowed(of: str) -> str:
    """Return the codes of `ages`, `status` or `styles` as one may write them."""
    return ", ".join(columns.words(of).values())
