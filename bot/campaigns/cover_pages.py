"""The picture of a campaign's article: put into the account for ever, its number kept."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from bot.campaigns import actions, articles, queries, review_pages
from bot.campaigns.queries import EDIT
from bot.campaigns.states import OPEN
from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.wechat.errors import WeChatError


async def upload(visit: Visit) -> web.Response:
    """Put the picture into the account; the text is another one now, what was submitted is void."""
    form, number = await visit.form(), visit.number("campaign")
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, number, EDIT)
    if campaign.state not in OPEN:
        raise InvalidInput("campaign.closed")
    media = await _kept(visit, form)
    if not media:
        return await review_pages.shown(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    words = replace(campaign.draft.words, cover=media)
    async with visit.rt.db.write() as tx:
        draft = replace(campaign.draft, words=words)
        await actions.change(visit.rt, tx, visit.actor, number, draft, campaign.revision)
    return visit.redirect(f"/campaigns/{number}", done="campaign.cover_done")


async def _kept(visit: Visit, form: Form) -> str:
    """Return the media id of the picture; empty, and the fault beside the field."""
    sent = form.files.get("picture")
    if sent is None or not sent.content:
        form.wrong("picture", "campaign.cover_none")
        return ""
    if visit.rt.connect is None:
        form.wrong("picture", "campaign.no_platform")
        return ""
    try:
        gateway = await visit.rt.connect()
        media, _ = await gateway.add_material("image", sent.content, "cover")
    except InvalidInput:
        form.wrong("picture", "campaign.cover_kind")
    except WeChatError as refused:
        form.wrong("picture", "campaign.cover_refused", why=articles.sentence(refused))
    else:
        return media
    return ""


PAGES: tuple[Page, ...] = (
    post("/campaigns/{campaign}/cover", EDIT, upload, body_bytes=UPLOAD_BYTES),
)
