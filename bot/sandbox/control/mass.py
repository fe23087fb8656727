"""Mass jobs under /sandbox/api/mass: list them, and be the administrator who confirms."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.control import request as reading
from bot.sandbox.errors import NotHere
from bot.sandbox.weixin import PLATFORM


async def index(request: web.Request) -> web.Response:
    """List the jobs, oldest first."""
    jobs = request.app[PLATFORM].account.mass_jobs.values()
    return reading.answer([job.as_json() for job in jobs])


async def confirm(request: web.Request) -> web.Response:
    """Let a waiting job go, or with `accept` false refuse it: err(40001)."""
    word = request.match_info["msg_id"]
    job = request.app[PLATFORM].account.mass_jobs.get(int(word) if word.isdecimal() else 0)
    if job is None:
        raise NotHere("there is no such job", 404)
    if job.state != "waiting" or job.answered.is_set():
        raise NotHere("this job does not wait for anybody", 409)
    job.is_allowed = (await reading.body(request)).get("accept") is not False
    job.answered.set()
    return reading.answer(job.as_json())


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    base = "/sandbox/api/mass"
    return [web.get(base, index), web.post(base + "/{msg_id}/confirm", confirm)]
