"""Orders about a session: a day and an hour before, a change, a cancellation, a seat at last.

The ledger sends: each order once, to those it is about; it keeps the quiet hours itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import order
from bot.delivery.order import Content, Order
from bot.h5 import links
from bot.people.audience import Audience
from bot.runtime import Runtime
from bot.school.session_tables import sessions, signups
from bot.sessions import rules
from bot.sessions.rules import GOING, WAITING
from bot.sessions.words import texts

#: Names of the audiences: who has a seat, who signed up at all, who was just given a seat.
IS_GOING, SIGNED_UP, SEATED = "session_going", "session_signed_up", "session_seated"
#: How long before a session each reminder leaves, and how late it may still be ordered.
_AHEAD = {
    "day": (timedelta(hours=24), timedelta(hours=6)),
    "hour": (timedelta(hours=1), timedelta(minutes=30)),
}
#: So long before it leaves a reminder is ordered, and so long a change is told.
_PLANNED, _TOLD = timedelta(minutes=10), timedelta(hours=24)
#: Reminders are looked for so far ahead: a day, and the quiet hours before it.
_REACH = timedelta(hours=40)
_S = signups.c


async def remind(rt: Runtime) -> int:
    """Order the reminders that are due; returns how many."""
    now, placed = rt.clock.now(), 0
    coming = (
        (sessions.c.state == rules.OPEN)
        & (sessions.c.starts_at > now)
        & (sessions.c.starts_at <= now + _REACH)
    )
    async with rt.db.read() as tx:
        found = (await tx.execute(select(sessions).where(coming))).all()
    for session in found:
        for kind in _due(rt, session, now):
            placed += await _remind(rt, session.id, kind)
    return placed


def _due(rt: Runtime, session: Row[Any], now: datetime) -> list[str]:
    """Return the reminders whose time has come and which are not settled."""
    done = session.reminded.split()
    return [k for k in _AHEAD if k not in done and now >= _leaves(rt, session, k) - _PLANNED]


def _leaves(rt: Runtime, session: Row[Any], kind: str) -> datetime:
    return rules.reminder_at(rt.settings, session.starts_at - _AHEAD[kind][0])


async def _remind(rt: Runtime, number: int, kind: str) -> int:
    """Settle one reminder: ordered, or left out because its time is past."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        mine = sessions.c.id == number
        session = (await tx.execute(select(sessions).where(mine).with_for_update())).one()
        if session.state != rules.OPEN or kind not in _due(rt, session, now):
            return 0
        settled = f"{session.reminded} {kind}".strip()
        await tx.execute(update(sessions).where(mine).values(reminded=settled))
        leaves = _leaves(rt, session, kind)
        if now > leaves + _AHEAD[kind][1]:
            return 0
        await _order(rt, tx, session, kind, (max(leaves, now), session.starts_at), IS_GOING)
    return 1


async def tell_changed(rt: Runtime, tx: AsyncConnection, session: Row[Any], kind: str) -> None:
    """Order the message that a session moved or is cancelled (`changed`, `cancelled`)."""
    now = rt.clock.now()
    if session.ends_at > now:
        ends = max(session.ends_at, now + _TOLD) if kind == "cancelled" else session.ends_at
        await _order(rt, tx, session, kind, (now, ends), SIGNED_UP)


async def tell_seated(
    rt: Runtime, tx: AsyncConnection, session: Row[Any], moved_at: datetime
) -> None:
    """Order the message to those who were given a seat at this instant."""
    stamp = _stamp(moved_at)
    await _order(
        rt, tx, session, "seated", (moved_at, session.ends_at), SEATED,
        value=f"{session.id}.{stamp}", mark=f"seated:{stamp}",
    )  # fmt: skip


async def _order(
    rt: Runtime, tx: AsyncConnection, session: Row[Any], kind: str,
    times: tuple[datetime, datetime], audience: str, *, value: str = "", mark: str = "",
) -> None:  # fmt: skip
    """Place one order for each account that has sign-ups: nearly always one."""
    listed = select(_S.account).where(_S.session == session.id).distinct()
    accounts = sorted((await tx.scalars(listed)).all())
    who = Audience(features={audience: value or str(session.id)}).to_json()
    mark = mark or f"{kind}:{session.revision}"
    for n, account in enumerate(accounts):
        made = Order(
            account=account, kind="reminder", audience=who,
            about=f"session:{session.id}:{mark}" + (f":{n}" if n else ""),
            texts=(_content(rt, session, kind),), not_before=times[0], not_after=times[1],
        )  # fmt: skip
        await order.place(tx, made, rt.clock.now())


def _content(rt: Runtime, session: Row[Any], kind: str) -> Content:
    values = {"title": session.title, "place": session.place, "when": rules.when(session)}
    form: Mapping[str, str] = texts()["orders"][kind]
    said = {name: text.format(**values) for name, text in form.items()}
    path = f"{links.PREFIX}/sessions/{session.code}"
    address = links.page(rt, f"sessions/{session.code}")
    words = f"{said['text']}\n{address}" if address else said["text"]
    return Content(pull=said | {"url": path}, custom={"text": words}, target=path)


def going(value: str) -> Select[Any]:
    """Return account and openid of who has a seat (`Feature.audiences`)."""
    return _people(value, (GOING,))


def signed_up(value: str) -> Select[Any]:
    """Return account and openid of who has a seat or waits for one."""
    return _people(value, (GOING, WAITING))


def seated(value: str) -> Select[Any]:
    """Return account and openid of who was given a seat at one instant: `7.1764060000000000`."""
    number, _, stamp = value.partition(".")
    wanted = _people(number, (GOING,))
    return wanted.where(_S.at == _instant(stamp) if _is_number(stamp) else false())


def _people(value: str, states: tuple[str, ...]) -> Select[Any]:
    number = int(value) if _is_number(value) else 0
    wanted = (_S.session == number) & _S.state.in_(states)
    return select(_S.account, _S.openid).where(wanted)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18  # noqa: PLR2004


def _stamp(at: datetime) -> str:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return str(since // timedelta(microseconds=1))


def _instant(stamp: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(stamp))
