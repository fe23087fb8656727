"""The job that issues: it follows the learning record, and begins anew when the rules change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import issuing, rules
from bot.clock import day
from bot.db.upsert import upsert
from bot.logs import log
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates, looks
from bot.school.learner_tables import evidence

_NAME = "record"
#: Rows of the record looked at in one transaction, and such transactions in one run.
PAGE, PAGES = 500, 20
#: Rows before the last one that are looked at once more: a transaction may commit a lower number
#: later. What slips through all the same is issued when its parent looks.
AGAIN = 200


async def issue_due(rt: Runtime) -> int:
    """Issue what was earned since the last look; returns how many certificates were tried."""
    tried = 0
    for n in range(PAGES):
        async with rt.db.write() as tx:
            begin, end = await _page(rt, tx, is_first=n == 0)
            if begin >= end:
                break
            tried += await _look(rt, tx, begin, end)
    if tried:
        log.info("certificates_issued", tried=tried)
    return tried


async def _page(rt: Runtime, tx: AsyncConnection, *, is_first: bool) -> tuple[int, int]:
    """Return after which row of the record to look, and up to which."""
    row: Any = (await tx.execute(select(looks).where(looks.c.name == _NAME))).first()
    known = row is not None and row.rules == rules.version(day(rt.clock.now()))
    seen = row.evidence if known else 0
    last = await tx.scalar(select(func.max(evidence.c.id))) or 0
    if last <= seen:
        return 0, 0
    begin = max(0, seen - AGAIN) if is_first else seen
    return begin, min(last, max(begin, seen) + PAGE)


async def _look(rt: Runtime, tx: AsyncConnection, begin: int, end: int) -> int:
    e = evidence.c
    rows = await tx.execute(select(e.account, e.openid).where(e.id > begin, e.id <= end))
    persons = issuing.persons_of(rows)
    tried = await issuing.issue(rt, tx, persons) if persons else 0
    state = upsert(looks, ("name",), ("evidence", "rules"), is_sqlite=rt.db.is_sqlite)
    values = {"name": _NAME, "evidence": end, "rules": rules.version(day(rt.clock.now()))}
    await tx.execute(state, values)
    return tried


async def forget_left(rt: Runtime) -> int:
    """Delete what was issued while its parent was being erased: nobody ever saw a picture of it."""
    c, e = certificates.c, evidence.c
    is_learning = select(e.id).where(e.account == c.account, e.openid == c.openid).exists()
    unseen = c.openid.is_not(None) & c.settled_at.is_(None)
    async with rt.db.write() as tx:
        gone = await tx.execute(delete(certificates).where(unseen, ~is_learning))
    return gone.rowcount
