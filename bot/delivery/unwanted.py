"""Who may not be written to now, or need not: a parent may have done it since the order was placed.

A feature says so (`Feature.unwanted`) by the word before the colon of what an order is about:
`course` for `course:12`. It is asked when the audience is frozen and again in the transaction that
claims, and only for orders of that word, so all others cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.delivery import gate
from bot.delivery.order import Order
from bot.runtime import Runtime

#: Reason, a key of reasons.yaml: nothing was to be sent any more. No failure.
DONE = "done_already"
#: (rt, tx, order, openids, now): those among these parents for whom it is no longer wanted.
Hook = Callable[[Runtime, Connection, Order, Sequence[str], datetime], Collection[str]]
_WISHES = frozenset((gate.GONE, gate.OFF, gate.QUIET))


def refused(
    rt: Runtime, tx: Connection, order: Order, openids: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return the reason for each parent who is not to be pushed to now; the others are left out.

    A parent's own wish is told before anything else.
    """
    rules = gate.Rules(order.account, order.consent, rt.settings.weekly_pushes)
    found = gate.refused(tx, rules, openids, now)
    hook: Hook | None = rt.unwanted.get(order.about.partition(":")[0])
    asked = [one for one in openids if found.get(one) not in _WISHES] if hook else []
    if hook is None or not asked:
        return found
    return found | dict.fromkeys(hook(rt, tx, order, asked, now), DONE)
