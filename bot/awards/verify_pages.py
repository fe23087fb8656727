"""Anybody may check a certificate: by serial, by its code, or offline by the public keys."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from bot.awards import keys, proving, rules, serials
from bot.console import guard
from bot.h5.page import Page, get
from bot.h5.visit import Visit

#: Looks one address may take in a minute, in one process, and addresses that are remembered.
LOOKS, WINDOW, REMEMBERED = 30, timedelta(minutes=1), 20_000
_SHELF = "awards.looks"


async def ask(visit: Visit) -> web.Response:
    """Show the form; what was typed into it leads to its page."""
    typed = visit.request.query.get("serial", "").strip()
    if typed:
        serial = serials.read(typed)
        if serial is not None:
            return visit.redirect(f"/h/verify/{serial}")
        return _render(visit, proving.Verdict(proving.UNKNOWN), typed)
    return _render(visit, None, "")


async def show(visit: Visit) -> web.Response:
    """Show what can be said of a serial; `?s=` is the signature of its code."""
    if not _may_look(visit):
        return _render(visit, None, "", is_busy=True, status=HTTPStatus.TOO_MANY_REQUESTS)
    typed = visit.request.match_info["serial"]
    async with visit.rt.db.read() as tx:
        found = await proving.look(tx, typed, visit.request.query.get("s"))
    return _render(visit, found, typed)


def _render(
    visit: Visit, found: proving.Verdict | None, typed: str, *, is_busy: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:  # fmt: skip
    return visit.render(
        "awards/verify.html", status=status, found=found, typed=typed[:40], is_busy=is_busy,
        words=rules.certificates(),
    )  # fmt: skip


async def show_keys(visit: Visit) -> web.Response:
    """Send every public key there was, as JSON: for whoever checks without asking us again."""
    async with visit.rt.db.read() as tx:
        found = await keys.published(tx)
    listed = [
        {
            "id": row.id,
            "public": row.public,
            "from": row.made_at.isoformat(),
            "until": row.retired_at.isoformat() if row.retired_at else None,
        }
        for row in found
    ]
    return web.json_response({"algorithm": "Ed25519", "keys": listed})


def _may_look(visit: Visit) -> bool:
    """Count a look of this address; False where there were too many within a minute."""
    seen: OrderedDict[str, tuple[datetime, int]] = visit.rt.shelf.setdefault(_SHELF, OrderedDict())
    address = guard.address(visit.request, visit.rt.settings)
    since, count = seen.pop(address, (visit.now, 0))
    if visit.now - since >= WINDOW:
        since, count = visit.now, 0
    seen[address] = (since, count + 1)
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)
    return count < LOOKS


PAGES: tuple[Page, ...] = (
    get("/verify", ask),
    get("/verify/keys", show_keys),
    get("/verify/{serial}", show),
)
