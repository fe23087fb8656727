"""The quiet after a crisis: nothing leaves by the account's own wish before `quiet_until`.

Whoever sends campaigns, lessons, reminders, surveys or notices asks here.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal_column, select, true

from bot.people.followers import followers

#: When a parent's quiet ends, by `a` (account) and `o` (openid).
WHEN: Select[Any] = select(followers.c.quiet_until).where(
    followers.c.account == bindparam("a"), followers.c.openid == bindparam("o")
)


def is_quiet(until: datetime | None, now: datetime) -> bool:
    """Say whether a parent is to be left alone now."""
    return until is not None and until > now


def is_awake(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `follower` may be written to."""
    return func.coalesce(followers.c.quiet_until, now) <= now


def has_quiet(
    account: ColumnElement[str], openid: ColumnElement[str], now: datetime
) -> ColumnElement[bool]:
    """Return the condition that the parent of another table's row is to be left alone now."""
    return exists().where(
        followers.c.account == account,
        followers.c.openid == openid,
        followers.c.quiet_until > now,
    )


@cache
def keep(*, is_sqlite: bool) -> Any:
    """Return the statement that notes a quiet (`account`, `openid`, `quiet_until`).

    A parent whose follow was never heard of gets a row; any event that decides is newer.
    """
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(followers).values(
        account=bindparam("account"),
        openid=bindparam("openid"),
        follows=true(),
        changed_s=literal_column("0"),
        quiet_until=bindparam("quiet_until"),
    )
    return row.on_conflict_do_update(
        index_elements=[followers.c.account, followers.c.openid],
        set_={"quiet_until": row.excluded.quiet_until},
    )
