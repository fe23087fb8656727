"""The list of campaigns."""

from __future__ import annotations

from aiohttp import web

from bot.campaigns import queries
from bot.campaigns.queries import APPROVE, EDIT, READ
from bot.campaigns.states import State
from bot.campaigns.tables import campaigns
from bot.console.page import Page, get
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.delivery import brake, fence

TABS = ("open", "waiting", "ordered", "archived")


async def show(visit: Visit) -> web.Response:
    """Show the campaigns one may see, by where they stand."""
    tab = visit.query("tab", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    seen = queries.seen(visit.actor)
    async with visit.rt.db.read() as tx:
        counts = {name: await queries.count(tx, seen & queries.tab(name)) for name in TABS}
        page = Pager.of(visit, counts[tab])
        wanted = seen & queries.tab(tab)
        rows = await queries.listed(tx, wanted, offset=page.offset, limit=page.size)
        names = await queries.names(tx, [row.campaign.draft.area for row in rows])
        stopped = await brake.pulled(tx), await fence.is_up(tx)
    return visit.render(
        "campaigns/list.html", rows=rows, page=page, names=names, counts=counts, tab=tab,
        tabs=TABS, brake=stopped[0], fence=stopped[1], can_edit=visit.may(EDIT),
    )  # fmt: skip


async def badge(visit: Visit) -> int | None:
    """Return how many wait for an approval this person may give."""
    mine = queries.seen(visit.actor, APPROVE) & (campaigns.c.state == State.SUBMITTED)
    async with visit.rt.db.read() as tx:
        return await queries.count(tx, mine) or None


PAGES: tuple[Page, ...] = (get("/campaigns", READ, show),)
