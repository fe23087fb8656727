"""The window for customer messages: what opens it, and what each message takes from it.

Kept in `reach`, one row a parent. How windows add up is documented for mini-programs only and is
the same here: the larger count and the later end hold, and a count whose end has passed is gone.
Source: WECHAT 5.1 (customer message rules of 2023-06-12); the numbers are settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db import bulk
from bot.db.base import Instant
from bot.people.families import Person
from bot.people.reach import reach
from bot.settings import Settings
from bot.wechat import events, messages
from bot.wechat.messages import Inbound

#: What opens a window beside a message; an opened page (`View`) does not.
_TAPS = (events.Click, events.ScanCode, events.Scan, events.Subscribe)
#: Codes of a refused customer message: the time is over, the count is used up.
OVER, USED_UP = 45015, 45047

_theirs = (reach.c.account == bindparam("whose")) & (reach.c.openid == bindparam("who"))
_take = (
    update(reach)
    .where(_theirs, reach.c.window_left > 0)
    .values(window_left=reach.c.window_left - 1)
)
_give = update(reach).where(_theirs).values(window_left=reach.c.window_left + 1)
_empty = update(reach).where(_theirs).values(window_left=0)


def opened(settings: Settings, message: Inbound, now: datetime) -> dict[str, Any] | None:
    """Return the row of the window a push opens, None where it opens none.

    A tap on an option of a message menu comes as a text and counts as a tap.
    """
    is_message = isinstance(message, messages.Message)
    is_option = isinstance(message, messages.Text) and bool(message.menu_id)
    is_tap = is_option or isinstance(message, _TAPS)
    if is_tap:
        left, life = settings.tap_messages, timedelta(seconds=settings.tap_window_s)
    elif is_message:
        left, life = settings.customer_messages, timedelta(hours=settings.customer_window_hours)
    else:
        return None
    return {
        "account": message.account,
        "openid": message.openid,
        "last_at": now if is_message else None,
        # one that waited on our side is counted from when it was sent
        "window_until": min(now, datetime.fromtimestamp(message.created_at, UTC)) + life,
        "window_left": left,
        "now": now,
    }


def joined(first: dict[str, Any] | None, second: dict[str, Any]) -> dict[str, Any]:
    """Return two windows of one parent, opened within one batch, as one."""
    if first is None:
        return second
    larger = {k: max(first[k], second[k]) for k in ("window_until", "window_left")}
    return second | larger | {"last_at": second["last_at"] or first["last_at"]}


def save(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Open the windows of a batch: one statement, each parent once."""
    if rows:
        bulk.execute(tx, _open(is_sqlite=tx.dialect.name == "sqlite"), rows)


def take(tx: Connection, people: Iterable[Person]) -> None:
    """Count one customer message of each of these parents before it leaves."""
    _each(tx, _take, people)


def give_back(tx: Connection, people: Iterable[Person]) -> None:
    """Count one less: it surely did not leave."""
    _each(tx, _give, people)


def empty(tx: Connection, people: Iterable[Person]) -> None:
    """Note that the platform takes no more, whatever we counted."""
    _each(tx, _empty, people)


async def spent(tx: AsyncConnection, person: Person, code: int | None = None) -> None:
    """Count one message that left, or may have; `code` is what the platform refused it with."""
    if code in (OVER, USED_UP):
        await tx.run_sync(lambda plain: empty(plain, [person]))
    elif code is None:
        await tx.run_sync(lambda plain: take(plain, [person]))


def _each(tx: Connection, statement: Any, people: Iterable[Person]) -> None:
    rows = [{"whose": account, "who": openid} for account, openid in people]
    if rows:
        bulk.execute(tx, statement, rows)


@cache
def _open(*, is_sqlite: bool) -> Any:
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    names = ("account", "openid", "last_at", "window_until", "window_left")
    row = dialect.insert(reach).values({name: bindparam(name) for name in names})
    old, new, now = reach.c, row.excluded, _now()
    is_better = (old.window_until > now) & (old.window_left > new.window_left)
    older = or_(new.last_at.is_(None), old.last_at > new.last_at)
    return row.on_conflict_do_update(
        index_elements=[old.account, old.openid],
        set_={
            "last_at": case((older, old.last_at), else_=new.last_at),
            "window_until": case(
                (old.window_until > new.window_until, old.window_until), else_=new.window_until
            ),
            "window_left": case((is_better, old.window_left), else_=new.window_left),
        },
    )


def _now() -> BindParameter[datetime]:
    return bindparam("now", type_=Instant())
