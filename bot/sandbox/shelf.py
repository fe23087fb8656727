"""What the account keeps on the platform: files, drafts, publications."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Article = dict[str, Any]


@dataclass(frozen=True)
class Media:
    """One file of the account: temporary, permanent, or a picture for articles."""

    kind: str
    content: bytes
    content_type: str
    expires_at: float
    name: str = ""
    about: dict[str, str] = field(default_factory=dict)  # url, title, description
    at: int = 0


@dataclass
class Draft:
    """One to eight articles under one id; a mass send or a publication takes the id away."""

    articles: list[Article]
    made_at: int
    changed_at: int

    def links(self) -> list[str]:
        """Return the addresses of its articles."""
        return [str(article["url"]) for article in self.articles]


@dataclass
class Publication:
    """One publication: `status` is 0 done, 1 running, 2 to 4 failed, 5 deleted, 6 banned."""

    publish_id: str
    media_id: str
    articles: list[Article]
    status: int = 1
    article_id: str = ""
    changed_at: int = 0
    fail_idx: list[int] = field(default_factory=list)
