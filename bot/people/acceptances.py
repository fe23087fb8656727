"""Rows of acceptances: how many subscription notices a parent still lets us send, by template.

The platform has no call to ask for it, so it is counted here (WECHAT 5.3): one more with each
acceptance of a one-off template, one less with each notice, none after a refusal. A long-term
template, named in the settings, is accepted once for any number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    literal,
    null,
    text,
    update,
)

from bot.db import bulk
from bot.db.base import Instant, metadata
from bot.people.families import Person
from bot.settings import Settings

TEMPLATE_MAX = 64
#: The platform's word that nothing is left, or that the parent switched the notice off.
NONE_LEFT = 43101

acceptances = Table(
    "notice_acceptance",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("template_id", String(TEMPLATE_MAX), primary_key=True),
    Column("left", Integer, nullable=False, server_default=text("0")),
    Column("is_long", Boolean, nullable=False),
    # when the parent said no, or the platform said that nothing is left; empty after a new yes
    Column("refused_at", Instant, nullable=True),
    Column("changed_at", Instant, nullable=False),
)

_a = acceptances.c
_theirs = (
    (_a.account == bindparam("whose"))
    & (_a.openid == bindparam("who"))
    & (_a.template_id == bindparam("template"))
)
_take = (
    update(acceptances)
    .where(_theirs, _a.is_long.is_(False), _a.left > 0)
    .values(left=_a.left - 1, changed_at=bindparam("now", type_=Instant()))
)
_give = (
    update(acceptances)
    .where(_theirs, _a.is_long.is_(False))
    .values(left=_a.left + 1, changed_at=bindparam("now", type_=Instant()))
)
_names = ("account", "openid", "template_id", "is_long", "changed_at")


def long_templates(settings: Settings) -> frozenset[str]:
    """Return the templates of which one acceptance allows any number of notices."""
    return frozenset(one.strip() for one in settings.long_notices.split(",") if one.strip())


@cache
def accept(*, is_sqlite: bool) -> Any:
    """Return the statement that counts one acceptance; its row is that of `row`."""
    return _put({"left": literal(1), "refused_at": null()}, is_sqlite=is_sqlite, adds=True)


@cache
def refuse(*, is_sqlite: bool) -> Any:
    """Return the statement after which nothing is left; its row is that of `row`."""
    said = {"left": literal(0), "refused_at": bindparam("changed_at", type_=Instant())}
    return _put(said, is_sqlite=is_sqlite, adds=False)


def row(
    settings: Settings, account: str, openid: str, template_id: str, now: datetime
) -> Mapping[str, Any]:
    """Return what `accept` and `refuse` need."""
    return {
        "account": account,
        "openid": openid,
        "template_id": template_id[:TEMPLATE_MAX],
        "is_long": template_id in long_templates(settings),
        "changed_at": now,
    }


def take(tx: Connection, people: Iterable[Person], template_id: str, now: datetime) -> None:
    """Count one notice of each of these parents before it leaves."""
    _each(tx, _take, people, template_id, now)


def give_back(tx: Connection, people: Iterable[Person], template_id: str, now: datetime) -> None:
    """Count one less: it surely did not arrive."""
    _each(tx, _give, people, template_id, now)


def empty(
    tx: Connection, settings: Settings, people: Iterable[Person], template_id: str, now: datetime
) -> None:
    """Note that nothing is left, by the platform's word (43101)."""
    rows = [row(settings, account, openid, template_id, now) for account, openid in people]
    if rows:
        bulk.execute(tx, refuse(is_sqlite=tx.dialect.name == "sqlite"), rows)


def _each(
    tx: Connection, statement: Any, people: Iterable[Person], template_id: str, now: datetime
) -> None:
    rows = [
        {"whose": account, "who": openid, "template": template_id, "now": now}
        for account, openid in people
    ]
    if rows:
        bulk.execute(tx, statement, rows)


def _put(said: Mapping[str, Any], *, is_sqlite: bool, adds: bool) -> Any:
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    made = dialect.insert(acceptances).values({n: bindparam(n) for n in _names} | dict(said))
    changed: dict[str, Any] = {
        name: made.excluded[name] for name in ("is_long", "refused_at", "changed_at", "left")
    }
    if adds:
        changed["left"] = _a.left + 1
    return made.on_conflict_do_update(
        index_elements=[_a.account, _a.openid, _a.template_id], set_=changed
    )
