"""What would happen if it were sent now: how many by each channel, and why others get no push."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from bot.campaigns import ordering
from bot.campaigns.draft import Campaign
from bot.clock import day
from bot.delivery import planner
from bot.delivery.states import Channel
from bot.people import audience
from bot.runtime import Runtime

_PAGE = 2_000
#: So many are looked at; what a bigger audience comes to is worked out from them.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """`seen` of `total` were looked at; the figures are theirs, scaled to all of them."""

    total: int
    seen: int
    by_channel: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def is_exact(self) -> bool:
        """Say whether everybody was looked at."""
        return self.seen == self.total

    def scaled(self, figure: int) -> int:
        """Return a figure for the whole audience."""
        return figure if self.is_exact else round(figure * self.total / self.seen)

    @property
    def pushed(self) -> int:
        """Return how many get a push."""
        return self.total - self.scaled(self.by_channel[Channel.PULL])


def look(rt: Runtime, tx: Connection, campaign: Campaign, total: int) -> Forecast:
    """Plan for the audience as the ledger would, and write nothing."""
    now = rt.clock.now()
    order = ordering.order_of(rt, campaign, now)
    left = planner.room(rt, tx, order, now)
    meant = audience.from_json(order.audience)
    who = audience.parents(meant, order.account, day(now), rt.audiences).subquery()
    found, seen, cursor = Forecast(total, 0), 0, ""
    while seen < MOST:
        page = select(who.c.openid).where(who.c.openid > cursor).order_by(who.c.openid)
        people = list(tx.scalars(page.limit(_PAGE)))
        if not people:
            break
        for one in planner.plan(rt, tx, order, people, left, now):
            found.by_channel[one.channel] += 1
            if one.reason:
                found.reasons[one.reason] += 1
        seen, cursor = seen + len(people), people[-1]
    return Forecast(max(total, seen) if seen < MOST else total, seen, found.by_channel,
                    found.reasons)  # fmt: skip
