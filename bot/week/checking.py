"""What a story must not hold, and what somebody should look at twice."""

from __future__ import annotations

from bot.week.words import words
from knowledge.text import normalise

PHOTO = "photo"


def refused(*texts: str) -> str:
    """Return why a text is refused at once: phone, identity, address; empty: it is not."""
    whole = _plain(texts)
    return next((name for name, form in words().refused.items() if form.search(whole)), "")


def doubts(*texts: str, photos: int) -> list[str]:
    """Return what a second person should see: names of words.yaml."""
    whole = _plain(texts)
    found = [name for name, form in words().doubtful.items() if form.search(whole)]
    return [*found, PHOTO] if photos else found


def _plain(texts: tuple[str, ...]) -> str:
    """Return the texts as written and in plain characters: full-width digits hide nothing."""
    return "\n".join([*texts, *(normalise(text) for text in texts)])
