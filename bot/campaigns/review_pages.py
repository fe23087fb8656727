"""One campaign before it leaves: its looks, its people, what is wrong; trial and approval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import (
    actions,
    compose_pages,
    content,
    forming,
    judging,
    ordering,
    places,
    queries,
    reviewing,
    trying,
    wording,
)
from bot.campaigns.draft import Campaign
from bot.campaigns.queries import APPROVE, EDIT, READ, STOP
from bot.campaigns.states import OPEN, State, Verdict
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.delivery import brake, fence
from bot.delivery.preview import Preview, preview
from bot.delivery.states import Channel
from bot.errors import InvalidInput, NotAllowed
from bot.people import audience_figures
from bot.people.audience import exclusions
from bot.people.audience_figures import LEAST
from bot.people.consents import Kind


@dataclass(frozen=True, slots=True)
class People:
    """Whom it would reach now, without anybody's name; `total` None: too few to be shown."""

    total: int | None
    opted_out: int | None
    quiet: int | None
    sample: list[audience_figures.Glimpse]
    forecast: Preview | None


async def show(visit: Visit) -> web.Response:
    """Show a campaign; one that was ordered shows how far it is."""
    return await shown(visit, visit.blank())


async def shown(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    """Show a campaign with a form that was sent; faults stand beside its fields."""
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"))
        if campaign.state is State.ORDERED or campaign.broadcast is not None:
            return visit.redirect(f"/sent/{campaign.id}", done=visit.query("done"))
        found = await judging.findings(visit.rt, tx, campaign)
        known_people = await people(visit, tx, campaign)
        known = {
            "meant": await places.said(visit, tx, campaign.draft.audience),
            "history": await queries.history(tx, campaign.id),
            "reviewers": await reviewing.reviewers(tx, campaign.draft.area),
            "hands": await reviewing.hands(tx, campaign),
            "phone": await trying.phone(tx, visit.actor),
            "brake": await brake.pulled(tx),
            "fence": await fence.is_up(tx),
        }
    return visit.render(
        "campaigns/campaign.html", status=status, campaign=campaign, form=form, findings=found,
        previews=previews(visit, campaign), notice_rows=notice_rows(campaign),
        is_open=campaign.state in OPEN, people=known_people,
        channels=content.channels(campaign.draft.words), pushing=forming.PUSHING,
        can_edit=queries.may(visit.actor, EDIT, campaign.draft.area),
        can_approve=queries.may(visit.actor, APPROVE, campaign.draft.area),
        can_stop=queries.may(visit.actor, STOP, campaign.draft.area),
        why=wording.of(visit),
        may_submit=known_people.total is not None, new_form=compose_pages.new_form(), **known,
    )  # fmt: skip


async def people(visit: Visit, tx: AsyncConnection, campaign: Campaign) -> People:
    """Return the live figures of a campaign's audience."""
    rt, draft = visit.rt, campaign.draft
    kind = Kind(draft.purpose) if draft.purpose else None
    given = (tx, draft.audience, ordering.account(rt), visit.now, rt.audiences, kind)
    figures = await exclusions(*given)
    if figures.total < LEAST:
        return People(None, None, None, [], None)
    shown, order = audience_figures.shown, ordering.order_of(rt, campaign, visit.now)
    look = await tx.run_sync(lambda plain: preview(rt, plain, order))
    few = await audience_figures.sample(*given)
    return People(figures.total, shown(figures.opted_out), shown(figures.quiet), few, look)


def previews(visit: Visit, campaign: Campaign) -> list[dict[str, Any]]:
    """Return how it looks on a phone, channel by channel and text by text."""
    words, origin = content.leading(campaign.draft.words), visit.rt.settings.public_url
    link = visit.text("campaign.own_link")
    found: list[dict[str, Any]] = []
    for number, text in enumerate(words.texts):
        variant = "AB"[number] if len(words.texts) > 1 else ""
        said = content.said(words, text).replace("{link}", link)
        card = {"title": words.title, "about": words.description or text[:60]}
        found.append({
            "channel": Channel.CUSTOM, "variant": variant, "text": said,
            "card": card if words.card else None,
        })  # fmt: skip
        if words.mass == "text":
            plain = content.contents(words, origin)[number].mass or {}
            found.append({"channel": Channel.MASS, "variant": variant, "text": plain["text"]})
    if words.mass == "article":
        card = {"title": words.title, "about": words.description}
        found.append({"channel": Channel.MASS, "variant": "", "text": "", "card": card})
    return found


def notice_rows(campaign: Campaign) -> list[tuple[str, str, str]]:
    """Return the fields of the notice: key, as typed, as the parent will see it."""
    return [(key, *both) for key, both in content.fitted(campaign.draft.words).items()]


async def channels(visit: Visit) -> web.Response:
    """Leave channels out, or take them in again; the plan is worked out anew."""
    form = await visit.form()
    chosen = form.some_of("excluded", forming.PUSHING)
    async with visit.rt.db.write() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"), EDIT)
        draft = replace(campaign.draft, excluded=frozenset(Channel(one) for one in chosen))
        await actions.change(visit.rt, tx, visit.actor, campaign.id, draft, campaign.revision)
    return visit.redirect(f"/campaigns/{campaign.id}", done="campaign.channels_done")


async def code(visit: Visit) -> web.Response:
    """Show a new code for one's own phone."""
    async with visit.rt.db.write() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"))
        made = await trying.new_code(visit.rt, tx, visit.actor)
        await audit.note(
            visit.rt, tx, visit.actor, "campaign.phone_code", f"staff:{visit.actor.id}"
        )
    minutes = int(trying.CODE_LIFE.total_seconds() // 60)
    return visit.render("campaigns/code.html", campaign=campaign, code=made, minutes=minutes)


async def test(visit: Visit) -> web.Response:
    """Send a trial to one's own phone."""
    form, number = await visit.form(), visit.number("campaign")
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, number)
        own = await trying.phone(tx, visit.actor)
    try:
        await trying.send(visit.rt, campaign, own.person, visit.text("campaign.test_mark"))
    except InvalidInput as refused:
        form.refuse(refused)
        return await shown(visit, form, HTTPStatus.CONFLICT)
    async with visit.rt.db.write() as tx:
        await actions.note(
            visit.rt, tx, visit.actor, number, Verdict.TESTED, digest=campaign.digest
        )
        area = campaign.draft.area
        await audit.note(visit.rt, tx, visit.actor, "campaign.tested", f"campaign:{number}",
                         area=area)  # fmt: skip
    return visit.redirect(f"/campaigns/{number}", done="campaign.test_done")


async def submit(visit: Visit) -> web.Response:
    """Ask somebody for the approval."""
    form, number = await visit.form(), visit.number("campaign")
    reviewer = form.whole("reviewer", 1, 99_999_999)
    reason = form.text("reason", most=200, needed=False)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                campaign = await queries.one(tx, visit.actor, number, EDIT)
                found = await judging.findings(visit.rt, tx, campaign)
                await reviewing.submit(visit.rt, tx, visit.actor, number, reviewer, reason, found)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/campaigns/{number}", done="campaign.submitted_done")
    return await shown(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def decide(visit: Visit) -> web.Response:
    """Show what is to be approved, and ask for the number of people."""
    return await _decide(visit, visit.blank())


async def _decide(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"), APPROVE)
        if campaign.state is not State.SUBMITTED:
            return visit.redirect(f"/campaigns/{campaign.id}")
        found = await judging.findings(visit.rt, tx, campaign)
        known = await people(visit, tx, campaign)
        second = await reviewing.needs_second(visit.rt, tx, campaign, known.total or 0, found)
        hands = await reviewing.hands(tx, campaign)
        meant = await places.said(visit, tx, campaign.draft.audience)
        past = await queries.history(tx, campaign.id)
    order = ordering.order_of(visit.rt, campaign, visit.now)
    return visit.render(
        "campaigns/approve.html", status=status, campaign=campaign, form=form, findings=found,
        people=known, meant=meant, order=order, previews=previews(visit, campaign),
        notice_rows=notice_rows(campaign), is_own=visit.actor.id in hands,
        needs_second=second, history=past,
        hold_s=visit.rt.settings.hold_s, why=wording.of(visit),
    )  # fmt: skip


async def approve(visit: Visit) -> web.Response:
    """Approve: from here on it leaves by itself."""
    form, number = await visit.form(), visit.number("campaign")
    typed = form.values.get("count", "").replace(",", "").strip()
    asked = reviewing.Asked(form.values.get("digest", ""), int(typed) if _is_number(typed) else -1)
    try:
        async with visit.rt.db.write() as tx:
            campaign = await queries.one(tx, visit.actor, number, APPROVE)
            found = await judging.findings(visit.rt, tx, campaign)
            await reviewing.approve(visit.rt, tx, visit.actor, number, asked, found)
    except (InvalidInput, NotAllowed) as refused:
        form.refuse(str(refused))
        return await _decide(visit, form, HTTPStatus.CONFLICT)
    return visit.redirect(f"/campaigns/{number}", done="campaign.approved_done")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004


async def reject(visit: Visit) -> web.Response:
    """Send it back with a reason."""
    form, number = await visit.form(), visit.number("campaign")
    why = form.text("why", most=200)
    try:
        async with visit.rt.db.write() as tx:
            digest = form.values.get("digest", "")
            await reviewing.reject(visit.rt, tx, visit.actor, number, digest, why)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _decide(visit, form, HTTPStatus.CONFLICT)
    return visit.redirect(f"/campaigns/{number}", done="campaign.rejected_done")


PAGES: tuple[Page, ...] = (
    get("/campaigns/{campaign}", READ, show),
    post("/campaigns/{campaign}/channels", EDIT, channels),
    post("/campaigns/{campaign}/code", READ, code),
    post("/campaigns/{campaign}/test", EDIT, test),
    post("/campaigns/{campaign}/submit", EDIT, submit),
    get("/campaigns/{campaign}/approve", APPROVE, decide),
    post("/campaigns/{campaign}/approve", APPROVE, approve),
    post("/campaigns/{campaign}/reject", APPROVE, reject),
)
