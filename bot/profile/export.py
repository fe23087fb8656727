"""A parent's copy of what is kept of the family: guardian, children, consents, the follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Column, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.org import tree
from bot.people.families import Person, children, consents, guardians
from bot.people.followers import followers
from bot.people.kept import Kept
from bot.profile.family import called
from bot.runtime import Runtime


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).parent / "export.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


async def kept(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what is kept of this parent's family, as the parent reads it."""
    today = day(rt.clock.now())
    told = await _rows(tx, children, person)
    units = await tree.named(tx, [row.unit for row in told])
    names = {path: unit.label(today) for path, unit in units.items()}
    return (
        _kept("guardian", await _rows(tx, guardians, person), _guardian),
        _kept("child", told, lambda row: _child(row, names, today)),
        _kept("consent", await _rows(tx, consents, person), _consent),
        _kept("follower", await _rows(tx, followers, person), _follower),
    )


async def _rows(tx: AsyncConnection, table: Any, person: Person) -> Sequence[Row[Any]]:
    order: list[Column[Any]] = list(table.primary_key.columns)
    wanted = select(table).where(table.c.account == person[0], table.c.openid == person[1])
    return (await tx.execute(wanted.order_by(*order))).all()


def _kept(
    name: str, rows: Sequence[Row[Any]], shown: Callable[[Row[Any]], tuple[object, ...]]
) -> Kept:
    texts = _texts()[name]
    return Kept(name, texts["title"], tuple(texts["columns"]), tuple(shown(row) for row in rows))


def _word(value: str) -> str:
    return str(_texts()["words"].get(value, value))


def _said(*, is_so: bool) -> str:
    return _word("yes" if is_so else "no")


def _guardian(row: Row[Any]) -> tuple[object, ...]:
    elder = _said(is_so=row.is_elder)
    return _word(row.role), elder, row.personal_off_at, row.added_at, row.changed_at


def _child(row: Row[Any], names: dict[str, str], today: date) -> tuple[object, ...]:
    grade = called(row.stage, row.entry_year, today)
    stage = called(row.stage, None, today)
    return grade, stage, row.entry_year, names.get(row.unit), _word(row.source), row.added_at


def _consent(row: Row[Any]) -> tuple[object, ...]:
    return _word(row.kind), row.version, _said(is_so=row.is_given), row.at


def _follower(row: Row[Any]) -> tuple[object, ...]:
    changed = datetime.fromtimestamp(row.changed_s, UTC)
    follows = _said(is_so=row.follows)
    return follows, changed, row.scene, row.reminders_off_at, row.quiet_until
