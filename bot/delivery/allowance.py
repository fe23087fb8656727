"""What a parent's own doing allows, counted as it is used: windows and acceptances.

Taken in the transaction that claims, before the request leaves, so two broadcasts never use the
same one; given back where the platform surely did not carry it out. An unknown outcome keeps what
it took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from bot.delivery import means
from bot.delivery.order import Order
from bot.delivery.states import Channel
from bot.people import acceptances, windows
from bot.people.families import Person
from bot.people.followers import followers
from bot.runtime import Runtime

#: The platform says that the parent does not follow.
_NOT_FOLLOWING = frozenset((43004, 46004, 50005))


#: A parent and the channel something was, or is to be, sent on.
Use = tuple[Channel, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """One message that surely did not leave, and what the platform said."""

    use: Use
    code: int | None


def take(tx: Connection, order: Order, uses: Sequence[Use], now: datetime) -> None:
    """Count what these claims use."""
    windows.take(tx, _people(order, uses, Channel.CUSTOM))
    noticed = _people(order, uses, Channel.NOTICE)
    acceptances.take(tx, noticed, means.template_of(order), now)


def settle(
    rt: Runtime, tx: Connection, order: Order, failures: Sequence[Failure], now: datetime
) -> None:
    """Give back what was not used, and take over what the platform knows better."""
    template = means.template_of(order)
    over = [one.use for one in failures if one.code in (windows.OVER, windows.USED_UP)]
    none = [one.use for one in failures if one.code == acceptances.NONE_LEFT]
    known = {windows.OVER, windows.USED_UP, acceptances.NONE_LEFT}
    back = [one.use for one in failures if one.code not in known]
    windows.give_back(tx, _people(order, back, Channel.CUSTOM))
    windows.empty(tx, _people(order, over, Channel.CUSTOM))
    acceptances.give_back(tx, _people(order, back, Channel.NOTICE), template, now)
    emptied = _people(order, none, Channel.NOTICE)
    acceptances.empty(tx, rt.settings, emptied, template, now)
    _mark(tx, order, [one.use[1] for one in failures if one.code in _NOT_FOLLOWING])


def _mark(tx: Connection, order: Order, gone: Sequence[str]) -> None:
    """Note who does not follow any more; the next follow of theirs undoes it."""
    if gone:
        f = followers.c
        mine = (f.account == order.account, f.openid.in_(gone))
        tx.execute(update(followers).where(*mine).values(follows=False))


def _people(order: Order, uses: Sequence[Use], channel: Channel) -> list[Person]:
    return [(order.account, openid) for used, openid in uses if used is channel]
