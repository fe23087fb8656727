"""What became of a broadcast: figures that add up to what was frozen, and nobody's name.

Up to `EXACT` rows they are counted from the rows, beyond that from what each batch last counted:
a page that refreshes itself must not read four million rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.draft import Campaign
from bot.clock import day
from bot.delivery import autostop
from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.order import Order, of_row
from bot.delivery.states import FINAL, OPEN, State
from bot.org import scope
from bot.people.audience_figures import LEAST, hidden
from bot.people.audience_rows import meant, of_parent, place
from bot.people.families import children, guardians
from bot.people.followers import followers

EXACT = 50_000
#: The figures of a broadcast in the order they are shown; `open` stands for the first three.
SHOWN = (
    State.SENT, State.QUEUED, State.KEPT, State.REFUSED, State.OPTED_OUT, State.EXPIRED,
    State.HELD, State.STOPPED,
)  # fmt: skip
_D = deliveries.c
#: It has reached the parent, or waits on their own page.
_REACHED = (State.SENT, State.QUEUED, State.KEPT)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: rows by state, `open` what has not left; all sum to `frozen`."""

    order: Order
    states: Mapping[str, int]
    ordered_at: datetime
    ended_at: datetime | None
    not_before: datetime

    @property
    def frozen(self) -> int:
        """Return how many rows were frozen so far."""
        return self.order.frozen

    @property
    def is_open(self) -> int:
        """Return how many rows may still leave."""
        return self.frozen - sum(self.states.get(state, 0) for state in SHOWN)

    @property
    def figures(self) -> list[tuple[str, int]]:
        """Return state and number of rows, what is open last."""
        shown = [(state.value, self.states.get(state, 0)) for state in SHOWN]
        return [*shown, ("open", self.is_open)]

    @property
    def done(self) -> int:
        """Return how many rows are final."""
        return sum(self.states.get(state, 0) for state in FINAL)


@dataclass(frozen=True, slots=True)
class Variant:
    """One of two texts: how many it reached, how many opened its link; None: too few to show."""

    name: str
    reached: int | None
    clicked: int | None

    @property
    def rate(self) -> float | None:
        """Return the part that opened it."""
        return None if self.reached is None or self.clicked is None else self.clicked / self.reached


async def progress(tx: AsyncConnection, number: int) -> Progress:
    """Return how far a broadcast is."""
    row = (await tx.execute(select(broadcasts).where(broadcasts.c.id == number))).mappings().one()
    order = of_row(row)
    states = await counted(tx, order)
    return Progress(order, states, row["ordered_at"], row["ended_at"], row["not_before"])


async def counted(tx: AsyncConnection, order: Order) -> Mapping[str, int]:
    """Return the rows of a broadcast by state."""
    if order.frozen > EXACT:
        return await tx.run_sync(lambda plain: autostop.totals(plain, order.id))
    rows = await tx.execute(
        select(_D.state, func.count()).where(_D.broadcast == order.id).group_by(_D.state)
    )
    return {row[0]: row[1] for row in rows}


async def reasons(tx: AsyncConnection, number: int) -> list[tuple[str, str, str, int]]:
    """Return state, channel, reason and how many; they sum to what was frozen."""
    rows = await tx.execute(
        select(_D.state, _D.channel, _D.reason, func.count())
        .where(_D.broadcast == number)
        .group_by(_D.state, _D.channel, _D.reason)
    )
    order = {state.value: rank for rank, state in enumerate((*SHOWN, *OPEN))}
    return sorted(((r[0], r[1], r[2], r[3]) for r in rows), key=lambda r: (order[r[0]], r[1], r[2]))


async def variants(tx: AsyncConnection, number: int) -> list[Variant]:
    """Return the figures of each text; small ones are not shown."""
    clicked = func.sum(case((_D.clicked_at.is_not(None), 1), else_=0))
    rows = await tx.execute(
        select(_D.variant, func.count(), cast(clicked, Integer))
        .where(_D.broadcast == number, _D.state.in_(_REACHED))
        .group_by(_D.variant)
        .order_by(_D.variant)
    )
    return [Variant("AB"[row[0]], _shown(row[1]), _shown(row[2] or 0)) for row in rows]


async def by_area(
    tx: AsyncConnection, campaign: Campaign, order: Order, paths: Sequence[str]
) -> dict[str, int | None]:
    """Return how many were reached at each node; None: too few, or it would betray a few.

    The nodes do not lie in each other; who is at none of them counts under the empty path.
    """
    kid, today = children.alias(), day(order.frozen_at) if order.frozen_at else None
    if today is None:
        return {}
    mine = (guardians.c.account == order.account) & (guardians.c.openid == _D.openid)
    theirs = (followers.c.account == order.account) & (followers.c.openid == _D.openid)
    each = (
        select(func.coalesce(func.min(place(kid)), "").label("place"))
        .join_from(deliveries, guardians, mine)
        .join(followers, theirs)
        .outerjoin(kid, of_parent(kid) & meant(campaign.draft.audience, kid, today))
        .where(_D.broadcast == order.id, _D.openid != "", _D.state.in_(_REACHED))
        .group_by(_D.n)
        .subquery()
    )
    counts = dict.fromkeys(["", *paths], 0)
    rows = await tx.execute(select(each.c.place, func.count()).group_by(each.c.place))
    for found, count in rows:
        counts[next((one for one in paths if scope.contains(one, found)), "")] += count
    return hidden(counts)


def _shown(figure: int) -> int | None:
    return figure if figure >= LEAST else None
