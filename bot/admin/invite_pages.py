"""Invite a colleague: a link that works once, shown once."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.admin import actions, people, places
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import PREFIX, Visit
from bot.errors import NotAllowed
from bot.people import roles
from bot.people.actor import Grant
from bot.people.staff import NAME_MAX


async def blank(visit: Visit) -> web.Response:
    """Show the form."""
    return await _form(visit, visit.blank(area=visit.query("area")))


async def invite(visit: Visit) -> web.Response:
    """Make the link and show it, once."""
    form = await visit.form()
    name, grant = form.text("name", most=NAME_MAX), await read_grant(visit, form)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                key = await actions.invite(visit.rt, tx, visit.actor, name, grant)
        except NotAllowed as refused:
            form.refuse(str(refused), "area")
        else:
            return link_page(visit, key, name, "invite")
    return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def read_grant(visit: Visit, form: Form) -> Grant:
    """Return the grant a form asks for; wrong choices are noted in the form."""
    role = form.one_of("role", roles.load().roles)
    area = form.values.get("area", "")
    topic = form.one_of("topic", ["", *dict(places.topic_choices())])
    async with visit.rt.db.read() as tx:
        offered = dict(await places.choices(tx, visit.actor, people.EDIT, also=area))
    if area not in offered and not (area == "" and visit.may(people.EDIT, "", None)):
        form.wrong("area", "form.choose")
    return Grant(role, area, topic)


async def grant_choices(visit: Visit, area: str) -> dict[str, object]:
    """Return what the form of a grant offers: roles, places, topics."""
    async with visit.rt.db.read() as tx:
        offered = await places.choices(tx, visit.actor, people.EDIT, also=area)
    if visit.may(people.EDIT, ""):
        offered = [("", visit.text("place.all")), *offered]
    return {
        "roles": [(k, r.name) for k, r in roles.load().roles.items()],
        "areas": offered,
        "topics": [("", visit.text("topic.all")), *places.topic_choices()],
    }


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    offered = await grant_choices(visit, form.values.get("area", ""))
    return visit.render("admin/invite.html", status=status, form=form, **offered)


def link_page(visit: Visit, key: str, name: str, kind: str) -> web.Response:
    """Show a link once: only its hash is kept."""
    given = visit.rt.settings.console_origin.rstrip("/")
    origin = given or f"http://{visit.request.host}"
    return visit.render(
        "admin/link.html", link=f"{origin}{PREFIX}/invite?key={key}", name=name, kind=kind
    )


PAGES: tuple[Page, ...] = (
    get("/staff/invite", people.EDIT, blank),
    post("/staff/invite", people.EDIT, invite),
)
