"""What the platform tells about messages after it took them, brought to the rows it is about.

| told | row before | row after |
|---|---|---|
| template `success` | sent | sent |
| template `failed…` | sent | refused: `user_block`, `system_failed` |
| mass `send success` | queued | sent; the counts are kept with the batch |
| mass `send fail`, `err(n)` | queued | refused: `mass_fail`, `err(n)` |
| notice, code 0 | held | sent: `event` |
| notice, another code | held, sent | refused: `event.<code>`; the acceptance is given back |

Where our own record of the message is not there yet (a row still claimed, a job without its
number) the report waits for the next look.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from bot.delivery import outcomes
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import attempts, batches, broadcasts, deliveries
from bot.delivery.report_tables import reports
from bot.delivery.states import Channel, Role, State
from bot.logs import log
from bot.people import acceptances
from bot.runtime import Runtime

#: Reports taken up in one transaction.
PAGE = 500
#: How far a notice's event may be from the row it is about (RELIABILITY 2.3: no number to match).
NEAR = timedelta(minutes=10)
_AGAIN = timedelta(seconds=5)
#: A report nothing was found for is dropped then: it was of a message of another program.
_OLD = {"template": timedelta(hours=1), "mass": timedelta(hours=26), "notice": NEAR}
FAILED = {"failed:user block": "user_block", "failed: system failed": "system_failed"}
_SUCCESS = frozenset(("success", "send success", "sendsuccess", "SEND_SUCCESS", "DELETE"))
_REASON_MAX = 32
#: Batches of one job ended in one transaction.
_BATCHES = 8

#: Notes one report; its row is that of `row`.
note = insert(reports).values(
    {column.name: bindparam(column.name) for column in reports.c if column.name != "id"}
)


def row(account: str, kind: str, now: datetime, message: str, status: str, **more: Any) -> Any:
    """Return a report to be noted; `more` may hold openid, template_id and the counts of a job."""
    return {
        "account": account,
        "kind": kind,
        "openid": more.get("openid", ""),
        "message": int(message) if message.isdecimal() else 0,
        "template_id": more.get("template_id", "")[:64],
        "status": status[:64],
        "counts": json.dumps(more.get("counts", {})),
        "at": now,
        "look_at": now,
        "looks": 0,
    }


def apply(rt: Runtime, tx: Connection) -> int:
    """Bring the reports that are due to their rows; returns how many were taken up."""
    now, r = rt.clock.now(), reports.c
    due = tx.execute(
        select(reports)
        .where(r.look_at <= now)
        .order_by(r.look_at, r.id)
        .limit(PAGE)
        .with_for_update(skip_locked=True)
    ).all()
    done, changed = [], set[Lease]()
    for told in due:
        lease = _APPLY[told.kind](tx, told, now)
        if isinstance(lease, Lease):
            changed.add(lease)
        if lease is not None or now - told.at > _OLD[told.kind]:
            done.append(told.id)
            if lease is None:
                _unmatched(tx, told, now)
    for lease in changed:
        outcomes.count(tx, lease)
    tx.execute(delete(reports).where(r.id.in_(done)))
    waiting = [told.id for told in due if told.id not in done]
    if waiting:
        later = {"look_at": now + _AGAIN, "looks": r.looks + 1}
        tx.execute(update(reports).where(r.id.in_(waiting)).values(later))
    return len(due)


def close_job(tx: Connection, batch: Any, status: str, counts: Mapping[str, int], now: datetime) \
        -> Lease | None:  # fmt: skip
    """End a mass job by the platform's word; None while our own record of it is not there."""
    lease, d = Lease.of(batch), deliveries.c
    _lock(tx, lease)
    waiting = d.state.in_([State.CLAIMED.value, State.TAGGED.value])
    if tx.scalar(select(d.n).where(lease.rows(), waiting).limit(1)) is not None:
        return None
    is_sent = status in _SUCCESS
    reason = "" if is_sent else _mass_reason(status)
    to = {"state": State.SENT if is_sent else State.REFUSED, "reason": reason, "done_at": now}
    tx.execute(update(deliveries).where(lease.rows(), d.state == State.QUEUED).values(to))
    said = json.dumps({"status": status, **counts})
    b = batches.c
    mine = (b.broadcast == lease.broadcast, b.number == lease.number)
    tx.execute(update(batches).where(*mine).values(report=said))
    log.info("mass_job_ended", broadcast=lease.broadcast, status=status, **counts)
    return lease


def end_job(
    tx: Connection, job: int, status: str, counts: Mapping[str, int], now: datetime
) -> bool | None:
    """End a job in all its batches, a few at a time; None while that takes another look."""
    b = batches.c
    query = select(batches).where(b.job == job, b.report == "").order_by(b.number)
    rows = tx.execute(query.limit(_BATCHES)).all()
    if not rows:
        is_known = tx.execute(select(b.number).where(b.job == job).limit(1)).first()
        return True if is_known else None
    for row in rows:
        is_whole = row.role != Role.TAG  # the figures of a job stand with the batch that queued it
        lease = close_job(tx, row, status, counts if is_whole else {}, now)
        if lease is None:
            return None
        outcomes.count(tx, lease)
    return True if len(rows) < _BATCHES else None


def silent_jobs(tx: Connection, before: datetime) -> list[Any]:
    """Return the batches whose mass job was queued before then and whose end nobody told."""
    b, d, a = batches.c, deliveries.c, attempts.c
    waiting = (
        select(d.n)
        .where(
            d.broadcast == b.broadcast,
            d.n == b.first_n,
            d.state == State.QUEUED,
            d.claimed_at < before,
        )
        .exists()
    )
    queued = select(a.n).where(a.broadcast == b.broadcast, a.n == b.first_n, a.at < before).exists()
    is_late = or_(and_(b.role == Role.LIST.value, waiting), and_(b.role == Role.JOB.value, queued))
    return list(tx.execute(select(batches).where(b.job.is_not(None), b.report == "", is_late)))


def _template(tx: Connection, told: Any, now: datetime) -> Lease | bool | None:
    d = deliveries.c
    found = tx.execute(
        select(d.broadcast, d.n, d.state).where(
            d.openid == told.openid,
            d.openid != "",
            d.channel == Channel.TEMPLATE.value,
            d.message == told.message,
        )
    ).first()
    if found is None or found.state in (State.CLAIMED, State.PLANNED):
        return None
    if told.status in _SUCCESS or found.state != State.SENT:
        return True
    reason = FAILED.get(told.status, "system_failed")
    return _change(tx, found, State.REFUSED, reason, told, now)


def _mass(tx: Connection, told: Any, now: datetime) -> bool | None:
    return end_job(tx, told.message, told.status, json.loads(told.counts), now)


def _notice(tx: Connection, told: Any, now: datetime) -> Lease | bool | None:
    found = _notice_row(tx, told)
    if found is None or found.state == State.CLAIMED:
        return None
    if told.status == "0":
        if found.state != State.HELD:
            return _change(tx, found, State.SENT, found.reason, told, now)
        return _change(tx, found, State.SENT, "event", told, now)
    who = [(told.account, told.openid)]
    acceptances.give_back(tx, who, told.template_id, now)
    return _change(tx, found, State.REFUSED, f"event.{told.status}"[:_REASON_MAX], told, now)


def _notice_row(tx: Connection, told: Any) -> Any:
    """Return the row a notice's event is about: the parent's nearest one of that template.

    A row that has its number already was told about before.
    """
    d, b = deliveries.c, broadcasts.c
    rows = tx.execute(
        select(d.broadcast, d.n, d.state, d.reason, d.claimed_at, b.content)
        .join_from(deliveries, broadcasts, b.id == d.broadcast)
        .where(
            d.openid == told.openid,
            d.openid != "",
            b.account == told.account,
            d.channel == Channel.NOTICE.value,
            d.state.in_([State.CLAIMED, State.HELD, State.SENT]),
            d.message.is_(None),
            d.claimed_at.between(told.at - NEAR, told.at + NEAR),
        )
    ).all()
    mine = [row for row in rows if _uses(row.content, told.template_id)]
    return min(mine, key=lambda row: abs(row.claimed_at - told.at), default=None)


def _uses(content: str, template_id: str) -> bool:
    said = [one.get("notice") or {} for one in json.loads(content)]
    return any(one.get("template_id") == template_id for one in said)


def _unmatched(tx: Connection, told: Any, now: datetime) -> None:
    """Count a notice that no row is about: it used an acceptance all the same."""
    if told.kind == "notice" and told.status == "0":
        acceptances.take(tx, [(told.account, told.openid)], told.template_id, now)


def _change(
    tx: Connection, found: Any, to: State, reason: str, told: Any, now: datetime
) -> Lease | None:
    b, d = batches.c, deliveries.c
    batch = tx.execute(
        select(batches).where(
            b.broadcast == found.broadcast, b.first_n <= found.n, b.last_n >= found.n
        )
    ).first()
    if batch is None:
        return None
    lease = Lease.of(batch)
    _lock(tx, lease)
    mine = (d.broadcast == found.broadcast, d.n == found.n, d.state == found.state)
    values = {"state": to, "reason": reason, "done_at": now, "message": told.message or None}
    tx.execute(update(deliveries).where(*mine).values(values))
    return lease


def _lock(tx: Connection, lease: Lease) -> None:
    """Keep the batch's sender from counting meanwhile."""
    b = batches.c
    mine = (b.broadcast == lease.broadcast, b.number == lease.number)
    tx.execute(select(b.number).where(*mine).with_for_update())


def _mass_reason(status: str) -> str:
    return status[:_REASON_MAX] if status.startswith("err(") else "mass_fail"


_APPLY: Mapping[str, Callable[[Connection, Any, datetime], Lease | bool | None]] = {
    "template": _template,
    "mass": _mass,
    "notice": _notice,
}
