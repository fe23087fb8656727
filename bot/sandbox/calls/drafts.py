"""Drafts: add, read, change, remove; a mass send or a publication takes them away.

Source: draft box pages, developers.weixin.qq.com/doc/service/api/draftbox, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import articles, shelf
from bot.sandbox.calls.call import OK, Route, page_of
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.shelf import Article
    from bot.sandbox.state import Platform


def add(platform: Platform, call: Call) -> dict[str, Any]:
    """Keep one to eight articles."""
    given = call.body.get("articles")
    if not isinstance(given, list) or not given:
        raise ApiError(44003)
    if len(given) > articles.ARTICLES_MAX:
        raise ApiError(45008)
    kept = [articles.checked(platform, one, call.origin) for one in given]
    now, media_id = int(platform.clock.now()), platform.word(64)
    platform.account.drafts[media_id] = shelf.Draft(kept, now, now)
    return {"media_id": media_id, "item": []}


def get(platform: Platform, call: Call) -> dict[str, Any]:
    """Give a draft's articles."""
    draft = _draft(platform, call)
    return {
        "news_item": draft.articles,
        "create_time": draft.made_at,
        "update_time": draft.changed_at,
    }


def update(platform: Platform, call: Call) -> dict[str, Any]:
    """Replace one article; `index` counts from 0, the field is called articles all the same."""
    draft, index = _draft(platform, call), call.body.get("index", 0)
    if not isinstance(index, int) or not 0 <= index < len(draft.articles):
        raise ApiError(40114)
    draft.articles[index] = articles.checked(platform, call.body.get("articles"), call.origin)
    draft.changed_at = int(platform.clock.now())
    return OK


def delete(platform: Platform, call: Call) -> dict[str, Any]:
    """Remove a draft for good."""
    _draft(platform, call)
    del platform.account.drafts[call.text("media_id")]
    return OK


def count(platform: Platform, _call: Call) -> dict[str, Any]:
    """Count the drafts."""
    return {"total_count": len(platform.account.drafts)}


def batchget(platform: Platform, call: Call) -> dict[str, Any]:
    """Give up to twenty drafts, the newest first; `no_content` 1 leaves the texts out."""
    newest = list(platform.account.drafts.items())[::-1]
    items = []
    for media_id, draft in page_of(call, newest):
        content = {"news_item": listed(call, draft.articles)}
        item = {"media_id": media_id, "content": content, "update_time": draft.changed_at}
        items.append(item)
    return {"total_count": len(newest), "item_count": len(items), "item": items}


def listed(call: Call, kept: list[Article]) -> list[Article]:
    """Return articles for a list, without their texts when the call says so."""
    if call.body.get("no_content") not in (1, True):
        return kept
    return [{**article, "content": ""} for article in kept]


def _draft(platform: Platform, call: Call) -> shelf.Draft:
    found = platform.account.drafts.get(call.text("media_id"))
    if found is None:
        raise ApiError(40007)
    return found


ROUTES = {
    "/cgi-bin/draft/add": Route("POST", add),
    "/cgi-bin/draft/get": Route("POST", get),
    "/cgi-bin/draft/update": Route("POST", update),
    "/cgi-bin/draft/delete": Route("POST", delete),
    "/cgi-bin/draft/count": Route("GET", count),
    "/cgi-bin/draft/batchget": Route("POST", batchget),
}
