"""An alarm goes from person to person until somebody takes it; and to an outside address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.care import alarms as told
from bot.care import roster
from bot.care.alarms import ALL, NOBODY
from bot.console.visit import PREFIX
from bot.logs import log
from bot.runtime import Runtime
from bot.safety.rules import rules
from bot.safety.tables import alarms, steps

_AT_ONCE = 100
_TIMEOUT_S = 8.0
_LEAST_S, _MOST_S = 5.0, 600.0
#: The first digit of an answer that means yes; a redirect is none.
_TAKEN = 2
_KEPT = timedelta(days=730)


async def call(rt: Runtime) -> int:
    """Call the next person for every alarm whose time is over; returns how many were called."""
    now = rt.clock.now()
    due = select(alarms.c.code).where(alarms.c.due_at <= now, told.waits())
    async with rt.db.read() as tx:
        codes = list(await tx.scalars(due.order_by(alarms.c.due_at).limit(_AT_ONCE)))
    called = 0
    for code in codes:
        async with rt.db.write() as tx:
            called += await _call(tx, code, now)
    if called:
        log.error("alarms_call", alarms=called)
    return called


async def _call(tx: AsyncConnection, code: str, now: datetime) -> bool:
    row = (await tx.execute(select(alarms).where(alarms.c.code == code))).one()
    first, everybody = await roster.on_duty(tx, row.area, row.severity, now)
    if row.level < ALL and row.level < len(first):
        level, what, who = row.level + 1, "told", first[row.level]
    elif row.level < ALL and everybody:
        level, what, who = ALL, "told_all", None
    else:
        level, what, who = NOBODY, "nobody", None
    due = None if level == NOBODY else now + rules().next
    claimed = await tx.execute(
        update(alarms)
        .where(alarms.c.code == code, alarms.c.level == row.level, told.waits())
        .values(level=level, due_at=due, changed_at=now, post_at=now, post_tries=0)
    )
    if claimed.rowcount != 1:
        return False  # another worker, or somebody who took it, was faster
    await told.step(tx, code, what, now, who)
    return True


async def post(rt: Runtime) -> int:
    """Tell the address of BOT_DUTY_URL what is new; returns how many were taken there."""
    url = rt.settings.duty_url.get_secret_value()
    now = rt.clock.now()
    async with rt.db.read() as tx:
        due = select(alarms).where(alarms.c.post_at <= now).order_by(alarms.c.post_at)
        rows = (await tx.execute(due.limit(_AT_ONCE))).all()
    if not rows:
        return 0
    if not url:
        await _outcome(rt, rows, is_taken=True)
        return 0
    taken: list[Any] = []
    refused: list[Any] = []
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        for row in rows:
            (taken if await _post(http, url, _said(rt, row)) else refused).append(row)
    await _outcome(rt, taken, is_taken=True)
    await _outcome(rt, refused, is_taken=False)
    return len(taken)


async def _post(http: aiohttp.ClientSession, url: str, said: dict[str, Any]) -> bool:
    try:
        async with http.post(url, json=said, allow_redirects=False) as answer:
            if answer.status // 100 == _TAKEN:
                return True
            log.warning("duty_post_refused", status=answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.warning("duty_post_failed", reason=type(error).__name__)
    return False


def _said(rt: Runtime, row: Any) -> dict[str, Any]:
    """Return what leaves the house: neither words nor anybody's name or openid."""
    settings = rt.settings
    origin = settings.console_origin or f"http://127.0.0.1:{settings.console_port}"
    return {
        "kind": "crisis",
        "ticket": row.ticket,
        "category": row.category,
        "severity": row.severity,
        "count": row.times,
        "since": row.raised_at.isoformat(),
        "called": "nobody" if row.level == NOBODY else "all" if row.level == ALL else row.level,
        "link": f"{origin}{PREFIX}/duty",
    }


async def _outcome(rt: Runtime, rows: Sequence[Any], *, is_taken: bool) -> None:
    now = rt.clock.now()
    async with rt.db.write() as tx:
        for row in rows:
            tries = 0 if is_taken else row.post_tries + 1
            wait = min(_LEAST_S * 2 ** min(row.post_tries, 10), _MOST_S)
            again = None if is_taken else now + timedelta(seconds=wait)
            mine = (alarms.c.code == row.code) & (alarms.c.post_at == row.post_at)
            await tx.execute(update(alarms).where(mine).values(post_at=again, post_tries=tries))


async def forget_old(rt: Runtime) -> int:
    """Delete alarms that were closed long ago, with their steps; returns how many."""
    old = select(alarms.c.code).where(alarms.c.closed_at < rt.clock.now() - _KEPT)
    async with rt.db.write() as tx:
        await tx.execute(delete(steps).where(steps.c.alarm.in_(old)))
        gone = await tx.execute(delete(alarms).where(alarms.c.code.in_(old)))
    return gone.rowcount
