"""Certificates on the console: how many, one by its serial, revoked by two, the keys."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.awards import holding, keys, picture, proving, revoking, rules, serials
from bot.awards.revoking import KEYS, READ, REVOKE
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound

_LIST, _ONE = "/certificates", "/certificates/{serial}"
_REASON = 200


async def show(visit: Visit) -> web.Response:
    """Show the counts, the wishes that wait, and the keys; a serial that is typed is opened."""
    typed = visit.query("serial")
    is_wrong = False
    async with visit.rt.db.read() as tx:
        if typed:
            serial = serials.read(typed)
            found = await proving.look(tx, serial) if serial else None
            if found is not None and found.serial:
                return visit.redirect(f"{_LIST}/{found.serial}")
            is_wrong = True
        rows, wishes = await revoking.counts(tx), await revoking.waiting(tx)
        pairs = await keys.published(tx)
    form = visit.blank(serial=typed)
    if is_wrong:
        form.wrong("serial", "awards.no_such")
    return visit.render(
        "awards/certificates.html", form=form, counts=[_named(row) for row in rows],
        wishes=wishes, keys=pairs, least=revoking.LEAST,
    )  # fmt: skip


def _named(row: Any) -> dict[str, object]:
    """Return a count with the name of its rule."""
    star = holding.star_of(row.rule)
    texts = rules.certificates()["versions"][-1]["rules"]["star" if star else "course"]
    return {
        "title": texts["title"].format(star=rules.number(star)),
        "period": row.title or row.period,
        "issued": row.issued,
        "revoked": row.revoked,
    }


async def look(visit: Visit) -> web.Response:
    """Show one certificate as strangers see it, and what may be done with it."""
    return await _page(visit, visit.blank())


async def _page(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        row = await revoking.one(tx, visit.part("serial"))
    return visit.render(
        "awards/certificate.html", status=status, row=row, form=form,
        found=proving.judge(row.serial, row), words=rules.certificates(),
        is_own=row.asked_by == visit.actor.id, most=_REASON,
    )  # fmt: skip


async def ask(visit: Visit) -> web.Response:
    """Ask for a revocation."""
    form = await visit.form()
    reason = form.text("reason", most=_REASON)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                await revoking.ask(visit.rt, tx, visit.actor, visit.part("serial"), reason)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"{_LIST}/{visit.part('serial')}", done="awards.revoke_asked")
    return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def revoke(visit: Visit) -> web.Response:
    """Agree to a revocation as the second person."""
    return await _decide(visit, revokes=True)


async def drop(visit: Visit) -> web.Response:
    """Drop the wish of a revocation."""
    return await _decide(visit, revokes=False)


async def _decide(visit: Visit, *, revokes: bool) -> web.Response:
    form = await visit.form()
    try:
        async with visit.rt.db.write() as tx:
            await revoking.decide(visit.rt, tx, visit.actor, visit.part("serial"), revokes=revokes)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    done = "awards.revoked" if revokes else "awards.dropped"
    return visit.redirect(f"{_LIST}/{visit.part('serial')}", done=done)


async def printed(visit: Visit) -> web.Response:
    """Send a certificate as PDF, to be printed for its parent; that is audited."""
    async with visit.rt.db.write() as tx:
        row = await revoking.one(tx, visit.part("serial"))
        if not row.snapshot or row.settled_at is None or row.revoked_at is not None:
            raise NotFound
        target = f"certificate:{row.serial}"
        await audit.note(visit.rt, tx, visit.actor, "certificate.printed", target)
    content = await picture.printed(visit.rt, row)
    return visit.download(f"{row.serial}.pdf", content, "application/pdf")


async def rotate(visit: Visit) -> web.Response:
    """Make a new pair of keys."""
    async with visit.rt.db.write() as tx:
        made = await keys.rotate(visit.rt, tx)
        await audit.note(visit.rt, tx, visit.actor, "certificate.key_rotated", f"key:{made}")
    return visit.redirect(_LIST, done="awards.rotated")


PAGES: tuple[Page, ...] = (
    get(_LIST, READ, show),
    post(f"{_LIST}/rotate", KEYS, rotate),
    get(_ONE, READ, look),
    post(f"{_ONE}/ask", REVOKE, ask),
    post(f"{_ONE}/revoke", REVOKE, revoke),
    post(f"{_ONE}/drop", REVOKE, drop),
    post(f"{_ONE}/pdf", READ, printed),
)
