"""What time does: reports are brought to their rows, silent mass jobs are asked for."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.delivery import reports, tag_sweep
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import errors

#: A mass job's event is late after so long.
_LATE = timedelta(minutes=2)
#: Pages of reports in one run.
_PAGES = 40
#: The platform's word while a job is under way.
_SENDING = "SENDING"


async def apply_reports(rt: Runtime) -> int:
    """Bring what the platform told to the rows it is about; returns how many were looked at."""
    count = 0
    for _ in range(_PAGES):
        taken = await rt.db.transact(partial(reports.apply, rt))
        count += taken
        if taken < reports.PAGE:
            break
    return count


async def poll_mass(rt: Runtime) -> int:
    """Ask for the mass jobs whose event has not come; returns how many have ended."""
    before = rt.clock.now() - _LATE
    jobs = await rt.db.transact(lambda tx: reports.silent_jobs(tx, before))
    if not jobs or rt.connect is None:
        return 0
    gateway, count = await rt.connect(), 0
    for batch in jobs:
        try:
            status = await gateway.mass_status(batch.job)
        except errors.WeChatError as error:
            log.warning("mass_status_unknown", broadcast=batch.broadcast, reason=str(error))
            continue
        if status != _SENDING:
            count += await rt.db.transact(partial(_end, rt, batch, status))
    return count


def _end(rt: Runtime, batch: Any, status: str, tx: Connection) -> int:
    return int(bool(reports.end_job(tx, batch.job, status, {}, rt.clock.now())))


async def sweep_tags(rt: Runtime) -> int:
    """Take the tags of sends that are over from the account; returns how many are gone."""
    return await tag_sweep.sweep(rt)
