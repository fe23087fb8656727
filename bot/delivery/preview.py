"""What an order would do, before anybody approves it: the plan itself, counted and not written.

Up to `EXACT` parents every one is planned, by the code that freezes; beyond it pages spread over
the whole audience are, and the figures say that they are an estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.delivery import cuts, days, freeze, planner, reasons, spread
from bot.delivery.order import Order
from bot.delivery.planner import MassRoom, Planned, Room
from bot.delivery.reasons import Reason
from bot.delivery.states import Channel
from bot.runtime import Runtime

#: More parents than that are estimated.
EXACT = 200_000
#: Pages of an estimate, and parents of each.
_PAGES, _PAGE = 40, 1_000
_REMEDIES = 5


@dataclass(frozen=True, slots=True)
class Remedy:
    """A reason that keeps so many from being pushed to, and what helps."""

    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """An order in figures; `by_channel` adds up to `total`, `unreachable` to its `pull`.

    `failed` counts for each channel why it does not reach parents, whatever does instead.
    `mass_left_after` is how many mass sends this month are left after this one to whoever has had
    the most of those it goes to; None where none are sent. `by_tag`: the mass send goes to a tag
    of its own, which these parents get first and lose afterwards, and not to lists. `planned`
    parents were looked at: all of them unless `is_estimate`.
    """

    total: int
    by_channel: Mapping[Channel, int]
    unreachable: Mapping[str, int]
    failed: Mapping[Channel, Mapping[str, int]]
    uses_mass: bool
    mass_left_after: int | None
    remedies: tuple[Remedy, ...]
    planned: int
    is_estimate: bool
    by_tag: bool = False


@dataclass(slots=True)
class _Sums:
    channels: Counter[Channel] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failed: dict[Channel, Counter[str]] = field(default_factory=dict)

    def add(self, plan: Sequence[Planned]) -> None:
        """Count a page; parents of one pattern share one mapping of what failed."""
        self.channels.update(one.channel for one in plan)
        self.reasons.update(one.reason for one in plan if one.channel is Channel.PULL)
        patterns = {id(one.failed): one.failed for one in plan}
        for pattern, count in Counter(id(one.failed) for one in plan).items():
            for channel, why in patterns[pattern].items():
                self.failed.setdefault(channel, Counter())[why] += count


def preview(rt: Runtime, tx: Connection, order: Order) -> Preview:
    """Return what freezing this order now would plan; nothing is written."""
    now = rt.clock.now()
    total = _count(rt, tx, order, now)
    left, sums = planner.room(rt, tx, order, now), _Sums()
    massed = planner.mass_room(rt, tx, order, planner.begin(rt, order, now))
    if total <= EXACT:
        _whole(rt, tx, order, left, sums, now)
    else:
        _sample(rt, tx, order, left, sums, now, total)
    told = _told(rt, order, sums, left, total)
    return replace(told, by_tag=_by_tag(order, massed, told.by_channel.get(Channel.MASS, 0)))


def _by_tag(order: Order, massed: MassRoom, rows: int) -> bool:
    """Say what `send_tags.choose` will say; texts split by chance are taken for halves."""
    texts = len(order.texts)
    lists = texts * -(-rows // (texts * cuts.SIZES[Channel.MASS]))
    return massed.goes_by_tag(lists, rows)


def _count(rt: Runtime, tx: Connection, order: Order, now: datetime) -> int:
    who = freeze.all_of(rt, order, now).subquery()
    return tx.scalar(select(func.count()).select_from(who)) or 0


def _whole(
    rt: Runtime, tx: Connection, order: Order, left: Room, sums: _Sums, now: datetime
) -> None:
    who = freeze.all_of(rt, order, now).subquery()
    everybody = sorted(tx.scalars(select(who.c.openid)))
    for start in range(0, len(everybody), freeze.PAGE):
        people = everybody[start : start + freeze.PAGE]
        sums.add(planner.plan(rt, tx, order, people, left, now))


def _sample(
    rt: Runtime, tx: Connection, order: Order, left: Room, sums: _Sums, now: datetime, total: int
) -> None:
    """Plan pages spread over the audience, with a share of the room as large as their own."""
    share = min(1.0, _PAGES * _PAGE / total)
    left.left = {channel: int(many * share) for channel, many in left.left.items()}
    seen: set[str] = set()
    for cursor in spread.cursors(rt, tx, order, now, _PAGES):
        people = freeze.people_after(rt, tx, order, cursor, now, _PAGE)
        new = [one for one in people if one not in seen]
        seen.update(new)
        sums.add(planner.plan(rt, tx, order, new, left, now))


def _told(rt: Runtime, order: Order, sums: _Sums, left: Room, total: int) -> Preview:
    del order
    planned = sum(sums.channels.values())
    channels = spread.scaled(sums.channels, total)
    unreachable = spread.scaled(sums.reasons, channels.get(Channel.PULL, 0))
    failed = {
        channel: spread.scaled(why, round(sum(why.values()) * total / max(planned, 1)))
        for channel, why in sums.failed.items()
    }
    uses_mass = bool(channels.get(Channel.MASS))
    after = int(days.limits()["mass_a_month"]) - left.massed - 1 if uses_mass else None
    most = sorted(unreachable.items(), key=lambda one: -one[1])[:_REMEDIES]
    remedies = tuple(Remedy(reasons.of(rt, key), count) for key, count in most if count)
    return Preview(
        total, channels, unreachable, failed, uses_mass, after, remedies, planned, planned < total
    )
