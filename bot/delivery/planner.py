"""Which channel reaches each parent now, the cheapest first, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.delivery import gate
from bot.delivery.order import Order
from bot.delivery.states import Channel
from bot.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for one parent: the channel, those to try after it, and why none pushes.

    `reason` is empty where a channel pushes; else a key of why it is `Channel.PULL`.
    """

    openid: str
    channel: Channel
    later: tuple[Channel, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Room:
    """What the account may still use of each channel, counted down while a plan is made."""

    left: dict[Channel, int] = field(default_factory=dict)
    closed: Mapping[Channel, str] = field(default_factory=dict)


def room(rt: Runtime, tx: Connection, order: Order, now: datetime) -> Room:
    """Return what the account may still use today."""
    del rt, tx, now
    return Room(dict.fromkeys(order.channels(), 1_000_000_000))


def plan(
    rt: Runtime, tx: Connection, order: Order, openids: Sequence[str], left: Room, now: datetime
) -> list[Planned]:
    """Return a plan for each of these parents, in their order; takes from what is left."""
    rules = gate.Rules(order.account, order.consent, rt.settings.weekly_pushes)
    refused = gate.refused(tx, rules, openids, now)
    pushing = [c for c in order.channels() if c is not Channel.PULL]
    planned = []
    for openid in openids:
        if openid in refused or not pushing:
            reason = refused.get(openid, "no_channel")
            planned.append(Planned(openid, Channel.PULL, (), reason))
        else:
            planned.append(Planned(openid, pushing[0], tuple(pushing[1:])))
            left.left[pushing[0]] -= 1
    return planned
