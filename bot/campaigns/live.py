"""The bell of campaigns: it rings for each scope in which a broadcast moved on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement, Executable, case, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import queries
from bot.campaigns.queries import READ
from bot.campaigns.results import EXACT, Progress
from bot.campaigns.tables import campaigns
from bot.console import live
from bot.console.live import State
from bot.console.visit import Visit
from bot.delivery.ledger_tables import batches, brakes, broadcasts, deliveries
from bot.delivery.states import OPEN, OVER, Stage
from bot.people.actor import Actor

_B = broadcasts.c


def leaves_at(now: Progress) -> datetime | None:
    """Return when the first message leaves, None where that is past or not known yet."""
    if now.order.stage is not Stage.WAITING or now.order.frozen_at is None:
        return None
    held = now.order.frozen_at + timedelta(seconds=now.order.hold_s)
    return max(held, now.not_before)


def _stages(wanted: ColumnElement[bool]) -> Executable:
    over = func.sum(case((_B.stage.in_(list(OVER)), 1), else_=0))
    return (
        select(func.count(), over, func.sum(_B.round), func.sum(_B.frozen), func.max(_B.id))
        .select_from(broadcasts)
        .join(campaigns, campaigns.c.broadcast == _B.id)
        .where(wanted)
    )


async def _state(tx: AsyncConnection, wanted: ColumnElement[bool]) -> State:
    """Return what changes whenever a broadcast moves: stages, rows of small ones, else batches."""
    stages = tuple((await tx.execute(_stages(wanted))).one())
    moving = await tx.execute(
        select(_B.id, _B.stage, _B.frozen)
        .join(campaigns, campaigns.c.broadcast == _B.id)
        .where(wanted, _B.stage.not_in(list(OVER)))
        .order_by(_B.id)
    )
    told: list[Any] = [*stages]
    for row in moving.all():
        told += [row.id, row.stage, await _moved(tx, row)]
    told.append(await tx.scalar(select(func.count()).select_from(brakes)))
    return tuple(told)


async def _moved(tx: AsyncConnection, row: Any) -> Any:
    if row.frozen <= EXACT:
        still = (deliveries.c.broadcast == row.id, deliveries.c.state.in_(list(OPEN)))
        return await tx.scalar(select(func.count()).select_from(deliveries).where(*still))
    mine = batches.c.broadcast == row.id
    done = func.sum(case((batches.c.is_done, 1), else_=0))
    found = await tx.execute(select(done, func.sum(batches.c.token)).where(mine))
    return tuple(found.one())


async def _whole(tx: AsyncConnection) -> State:
    return await _state(tx, true())


async def _mine(tx: AsyncConnection, actor: Actor) -> State:
    return await _state(tx, queries.seen(actor))


THEME = live.Theme("campaigns", READ, _whole, _mine, said=lambda state: {"count": int(state[0])})


async def events(visit: Visit) -> web.StreamResponse:
    """Tell a page when a broadcast in its scope moved on."""
    return await live.stream(visit, THEME)
