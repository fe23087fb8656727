"""Write a campaign: one form for words, people, channels and times."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from aiohttp import web

from bot.campaigns import actions, forming, places, queries
from bot.campaigns.draft import Campaign, Draft
from bot.campaigns.queries import EDIT
from bot.campaigns.states import OPEN
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people import audience_saved

#: Bytes of a form's number: what makes a second click the same campaign.
_FORM_BYTES = 12
_MOST = 10_000_000


def new_form() -> str:
    """Return the number of a form."""
    return secrets.token_hex(_FORM_BYTES)


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    form = visit.blank(valid="120", mass="none", purpose="events", form=new_form())
    return await _show(visit, form, None)


async def add(visit: Visit) -> web.Response:
    """Begin a campaign."""
    form = await visit.form()
    number = _form_number(form)
    draft = await _read(visit, form, None)
    if draft is not None:
        async with visit.rt.db.write() as tx:
            made = await actions.create(visit.rt, tx, visit.actor, draft, number)
        return visit.redirect(f"/campaigns/{made}", done="campaign.made_done")
    return await _show(visit, form, None, HTTPStatus.UNPROCESSABLE_ENTITY)


async def edit(visit: Visit) -> web.Response:
    """Show a campaign in its form."""
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"), EDIT)
    if campaign.state not in OPEN:
        return visit.redirect(f"/campaigns/{campaign.id}")
    ticked, typed = forming.fields(campaign.draft)
    form = visit.blank(ticked, **typed, revision=str(campaign.revision))
    return await _show(visit, form, campaign)


async def change(visit: Visit) -> web.Response:
    """Change a campaign; what was submitted is void."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        before = await queries.one(tx, visit.actor, visit.number("campaign"), EDIT)
    revision = form.whole("revision", 1, _MOST)
    draft = await _read(visit, form, before.draft)
    if draft is not None:
        try:
            async with visit.rt.db.write() as tx:
                await actions.change(visit.rt, tx, visit.actor, before.id, draft, revision)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/campaigns/{before.id}", done="campaign.saved_done")
    return await _show(visit, form, before, HTTPStatus.UNPROCESSABLE_ENTITY)


async def copy(visit: Visit) -> web.Response:
    """Begin a campaign that says the same."""
    form, number = await visit.form(), visit.number("campaign")
    async with visit.rt.db.write() as tx:
        made = await actions.copy(visit.rt, tx, visit.actor, number, _form_number(form))
    return visit.redirect(f"/campaigns/{made}/edit", done="campaign.made_done")


async def correct(visit: Visit) -> web.Response:
    """Begin a prepared correction to exactly the people who were reached."""
    form, number = await visit.form(), visit.number("campaign")
    async with visit.rt.db.write() as tx:
        campaign = await queries.one(tx, visit.actor, number, EDIT)
        title = visit.text("campaign.correction_title")
        text = visit.text("campaign.correction_text", title=campaign.draft.words.title)
        made = await actions.correct(
            visit.rt, tx, visit.actor, number, _form_number(form), (title, text)
        )
    return visit.redirect(f"/campaigns/{made}/edit", done="campaign.made_done")


async def archive(visit: Visit) -> web.Response:
    """Put a campaign away."""
    async with visit.rt.db.write() as tx:
        await actions.archive(visit.rt, tx, visit.actor, visit.number("campaign"))
    return visit.redirect("/campaigns", done="campaign.archived_done")


def _form_number(form: Form) -> str:
    """Return the number of a form; one without is a campaign of its own."""
    number = form.values.get("form", "")
    is_one = len(number) == _FORM_BYTES * 2 and all(sign in "0123456789abcdef" for sign in number)
    return number if is_one else new_form()


async def _read(visit: Visit, form: Form, before: Draft | None) -> Draft | None:
    async with visit.rt.db.read() as tx:
        chosen = await places.choices(tx, visit.actor, "")
        known = await audience_saved.listed(tx, visit.actor)
    areas = [path for path, _ in chosen]
    if before is not None and queries.may(visit.actor, EDIT, before.area):
        areas.append(before.area)
    draft = forming.read(form, areas, {str(one.id): one.audience for one in known}, before)
    if form and not queries.may(visit.actor, EDIT, draft.area):
        form.wrong("area", "campaign.other_scope")
    return draft if form else None


async def _show(
    visit: Visit, form: Form, campaign: Campaign | None, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        whole = visit.text("campaign.whole")
        chosen = await places.choices(tx, visit.actor, whole)
        if campaign is not None and campaign.draft.area not in dict(chosen):
            names = await queries.names(tx, [campaign.draft.area])
            path = campaign.draft.area
            chosen.append((path, names.get(path, whole)))
        saved = [(str(one.id), one.name) for one in await audience_saved.listed(tx, visit.actor)]
    return visit.render(
        "campaigns/compose.html", status=status, form=form, campaign=campaign, areas=chosen,
        saved=saved, stages=places.stage_choices(visit), grades=places.grade_choices(),
        valid=[(str(n), visit.text(f"campaign.valid_{n}")) for n in forming.VALID],
        is_plain=campaign is None or forming.is_plain(campaign.draft.audience),
        is_correction=campaign is not None and campaign.draft.kind == "correction",
    )  # fmt: skip


PAGES: tuple[Page, ...] = (
    get("/campaigns/new", EDIT, blank),
    post("/campaigns/new", EDIT, add),
    get("/campaigns/{campaign}/edit", EDIT, edit),
    post("/campaigns/{campaign}/edit", EDIT, change),
    post("/campaigns/{campaign}/copy", EDIT, copy),
    post("/campaigns/{campaign}/correct", EDIT, correct),
    post("/campaigns/{campaign}/archive", EDIT, archive),
)
