"""Export: the working copies of a list, with its filters and in one's places, as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from aiohttp import web

from bot.console import audit
from bot.console.page import Handler, Page, get
from bot.console.visit import Visit
from bot.curation import entry_pages, queries
from bot.curation.exchange import sheets
from knowledge.entry import Entry

Writer = Callable[[Iterable[Entry]], bytes]

KINDS: dict[str, tuple[Writer, str]] = {
    "csv": (sheets.to_csv, "text/csv"),
    "xlsx": (
        sheets.to_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip": (sheets.to_zip, "application/zip"),
}


def _export(kind: str) -> Handler:
    write, media = KINDS[kind]

    async def export(visit: Visit) -> web.Response:
        async with visit.rt.db.read() as tx:
            found = await queries.contents(tx, visit.actor, entry_pages.filters(visit))
        content = await asyncio.to_thread(write, found)
        async with visit.rt.db.write() as tx:
            await audit.note(
                visit.rt, tx, visit.actor, "entry.exported", f"entries.{kind}", count=len(found)
            )
        return visit.download(f"entries-{visit.today.isoformat()}.{kind}", content, media)

    return export


PAGES: tuple[Page, ...] = tuple(
    get(f"/exports/entries.{kind}", "entries.read", _export(kind)) for kind in KINDS
)
