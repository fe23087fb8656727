"""What benches and crash tests read under /sandbox/api/: deliveries and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.control import request as reading
from bot.sandbox.errors import NotHere
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from bot.sandbox.state import Platform

ROWS_AT_ONCE = 2_000


async def deliveries(request: web.Request) -> web.StreamResponse:
    """Stream the ledger's rows after number `after`, at most `limit`, one JSON object a line."""
    ledger = request.app[PLATFORM].ledger
    after, limit = _number(request, "after", 0), _number(request, "limit", 1_000)
    headers = {"Content-Type": "application/x-ndjson", "X-Deliveries": str(len(ledger))}
    answer = web.StreamResponse(headers=headers)
    await answer.prepare(request)
    end = min(len(ledger), after + limit)
    while after < end:
        rows = ledger.rows(after, min(ROWS_AT_ONCE, end - after))
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        await answer.write(lines.encode())
        after += ROWS_AT_ONCE
    await answer.write_eof()
    return answer


async def totals(request: web.Request) -> web.Response:
    """Return how many deliveries there are, by channel."""
    ledger = request.app[PLATFORM].ledger
    return reading.answer({"total": len(ledger), "by_channel": ledger.by_channel()})


async def refusals(request: web.Request) -> web.Response:
    """Return how often each path was refused, by errcode, HTTP status or kind of dropping."""
    return reading.answer(_by_path(request.app[PLATFORM]))


def _by_path(platform: Platform) -> dict[str, Any]:
    found: dict[str, dict[str, int]] = {}
    for (path, code), count in platform.refusals.items():
        found.setdefault(path, {})[code] = count
    return found


def _number(request: web.Request, name: str, default: int) -> int:
    word = request.query.get(name, str(default))
    if not word.isdecimal():
        raise NotHere(f"{name} is a whole number")
    return int(word)


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    base = "/sandbox/api"
    return [
        web.get(base + "/deliveries", deliveries),
        web.get(base + "/deliveries/totals", totals),
        web.get(base + "/refusals", refusals),
    ]
