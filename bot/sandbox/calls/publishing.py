"""Publishing: a draft becomes articles with addresses; nobody is told but the developer.

Source: publishing pages and codes 53500-53600, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox import actions, articles, pushes, shelf
from bot.sandbox.calls.call import OK, Route, page_of
from bot.sandbox.calls.drafts import listed
from bot.sandbox.errors import ApiError
from bot.sandbox.phones import Phone

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.shelf import Article, Draft, Publication
    from bot.sandbox.state import Platform

SENDER = "oSandboxOfPublications00000000"  # the event comes from no follower
DONE, RUNNING, DELETED = 0, 1, 5


def submit(platform: Platform, call: Call) -> dict[str, Any]:
    """Queue a draft for publication."""
    media_id = call.text("media_id")
    draft = _publishable(platform, media_id)
    publish_id = str(2_247_000_000 + len(platform.account.publications) + 1)
    job = shelf.Publication(publish_id, media_id, draft.articles)
    platform.account.publications[publish_id] = job
    platform.spawn(_run(platform, job))
    return {**OK, "publish_id": publish_id, "msg_data_id": platform.next_id()}


def _publishable(platform: Platform, media_id: str) -> Draft:
    """Return a draft that may be published.

    Raises:
        ApiError: 53500 without the right, 40007 for no draft, 53501 while it is being published
            (how often is too often is not printed), 53503 when its articles do not pass.

    """
    if platform.config.publish_banned:
        raise ApiError(53500)
    draft = platform.account.drafts.get(media_id)
    if draft is None:
        raise ApiError(40007)
    jobs = platform.account.publications.values()
    if any(job.media_id == media_id and job.status == RUNNING for job in jobs):
        raise ApiError(53501)
    if articles.faulty(platform, draft.articles):
        raise ApiError(53503)
    return draft


async def _run(platform: Platform, job: Publication) -> None:
    """Publish a little later; the event may stay away, so a developer has to ask as well."""
    config = platform.config
    await asyncio.sleep(config.publish_delay_s)
    job.status, job.changed_at = config.publish_status, int(platform.clock.now())
    if job.status == DONE:
        job.article_id = platform.word(64)
        platform.account.drafts.pop(job.media_id, None)
    else:
        job.fail_idx = list(range(1, len(job.articles) + 1))
    if config.publish_event:
        sender = Phone(SENDER, "")
        event = pushes.publish_finished(platform.head(sender), _info(job))
        await actions.push(platform, sender, event)


def get(platform: Platform, call: Call) -> dict[str, Any]:
    """Tell how a publication stands."""
    found = platform.account.publications.get(call.text("publish_id"))
    if found is None:
        raise ApiError(53502)
    return _info(found)


def delete(platform: Platform, call: Call) -> dict[str, Any]:
    """Delete one article, counted from 1, or with 0 all; this cannot be undone."""
    found, index = _published(platform, call), call.body.get("index", 0)
    if not isinstance(index, int) or not 0 <= index <= len(found.articles):
        raise ApiError(40114)
    for number, article in enumerate(found.articles, 1):
        if index in (0, number):
            _take_down(platform, article)
    if all(article.get("is_deleted") for article in found.articles):
        found.status = DELETED
    return OK


def getarticle(platform: Platform, call: Call) -> dict[str, Any]:
    """Give what was published."""
    return {"news_item": [_shown(a) for a in _published(platform, call).articles]}


def batchget(platform: Platform, call: Call) -> dict[str, Any]:
    """Give up to twenty publications, the newest first."""
    newest = [p for p in platform.account.publications.values() if p.status == DONE][::-1]
    items = []
    for one in page_of(call, newest):
        content = {"news_item": [_shown(a) for a in listed(call, one.articles)]}
        item = {"article_id": one.article_id, "content": content, "update_time": one.changed_at}
        items.append(item)
    return {"total_count": len(newest), "item_count": len(items), "item": items}


def _info(job: Publication) -> dict[str, Any]:
    info: dict[str, Any] = {"publish_id": job.publish_id, "publish_status": job.status}
    if job.status == DONE:
        links = [{"idx": n, "article_url": a["url"]} for n, a in enumerate(job.articles, 1)]
        detail = {"count": len(links), "item": links}
        info |= {"article_id": job.article_id, "article_detail": detail}
    return {**info, "fail_idx": job.fail_idx}


def _shown(article: Article) -> Article:
    return {**article, "is_deleted": bool(article.get("is_deleted"))}


def _take_down(platform: Platform, article: Article) -> None:
    article["is_deleted"] = True
    platform.account.pages.pop(str(article["url"]).rpartition("/")[2], None)


def _published(platform: Platform, call: Call) -> Publication:
    article_id = call.text("article_id")
    for one in platform.account.publications.values():
        if article_id and one.article_id == article_id:
            return one
    raise ApiError(53600)


ROUTES = {
    "/cgi-bin/freepublish/submit": Route("POST", submit),
    "/cgi-bin/freepublish/get": Route("POST", get),
    "/cgi-bin/freepublish/delete": Route("POST", delete),
    "/cgi-bin/freepublish/getarticle": Route("POST", getarticle),
    "/cgi-bin/freepublish/batchget": Route("POST", batchget),
}
