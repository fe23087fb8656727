"""Which channel reaches each parent, the cheapest first, and why the others do not.

Certain before uncertain, free before scarce: customer message, subscription notice, template
message, mass send, and what is left waits on the parent's own page of messages. A plan looks at
the moment the sending may begin, not at the moment it is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.calendar import quiet
from bot.delivery import days, means, unwanted
from bot.delivery.means import Means
from bot.delivery.order import Order
from bot.delivery.states import Channel, Meter
from bot.runtime import Runtime

#: Reasons, keys of reasons.yaml, that hold for everybody.
EXCLUDED, NO_TEXT, TEMPLATE_OFF, QUOTA = "excluded", "no_text", "template_off", "quota"
NO_CHANNEL = "no_channel"
_FOR_ALL = frozenset((EXCLUDED, NO_TEXT, TEMPLATE_OFF))
PUSHING: tuple[Channel, ...] = tuple(channel for channel in Channel if channel is not Channel.PULL)
#: A window must be open so long after the sending begins.
SPARE = timedelta(minutes=10)
#: Parents of one mass call.
_CALL = 10_000
#: A parent's means, and the channels of which nothing is left.
_Pattern = tuple[tuple[str, str, int], tuple[Channel, ...]]


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned for one parent: the channel, those to try after it, and why none pushes.

    `reason` is empty where a channel pushes; else a key of why it is `Channel.PULL`. `failed` says
    for each channel that does not reach the parent why; who may not be pushed to at all has none.
    """

    openid: str
    channel: Channel
    later: tuple[Channel, ...] = ()
    reason: str = ""
    failed: Mapping[Channel, str] = field(default_factory=dict)


@dataclass(slots=True)
class Room:
    """What the account may still use of each channel, counted down while a plan is made.

    `massed` is the highest number of mass sends this month among those planned for one more.
    """

    left: dict[Channel, int] = field(default_factory=dict)
    closed: Mapping[Channel, str] = field(default_factory=dict)
    massed: int = 0


@dataclass(frozen=True, slots=True)
class MassRoom:
    """How many parents mass sends reach until an order's end: by lists of 10,000, or by a tag.

    `lists_today`: how many lists may leave on the day it begins.
    """

    by_lists: int
    by_tag: int
    lists_today: int

    def goes_by_tag(self, lists: int, rows: int) -> bool:
        """Say whether so many parents in so many lists are sent to by a tag."""
        return lists > self.lists_today and rows <= self.by_tag


def mass_room(rt: Runtime, tx: Connection, order: Order, begins: datetime) -> MassRoom:
    """Return the room of both ways; a tag needs one call for each text, but calls to tag."""
    ends = min(order.not_after, days.midnight(begins))
    today = days.left(tx, order.account, Channel.MASS, begins, ends)
    calls = days.left(tx, order.account, Channel.MASS, begins, order.not_after)
    tagging = days.left(tx, order.account, Meter.TAG, begins, order.not_after)
    new = days.left(tx, order.account, Meter.NEW_TAG, begins, order.not_after)
    is_possible = min(calls, new) >= len(order.texts)
    most = rt.settings.mass_lists
    by_tag = tagging * int(days.limits()["tag_call"]) if is_possible else 0
    return MassRoom(min(calls, most) * _CALL, by_tag, min(today, most))


def room(
    rt: Runtime, tx: Connection, order: Order, now: datetime, taken: Mapping[str, int] | None = None
) -> Room:
    """Return what the account may still use, less what was planned before, by channel."""
    begins = begin(rt, order, now)
    closed: dict[Channel, str] = {}
    left: dict[Channel, int] = {}
    for channel in PUSHING:
        closed[channel] = _closed(rt, order, channel)
        many = days.left(tx, order.account, channel, begins, order.not_after)
        if channel is Channel.MASS:
            massed = mass_room(rt, tx, order, begins)
            many = max(massed.by_lists, massed.by_tag)
        left[channel] = many - (taken or {}).get(channel, 0)
    return Room(left, {channel: why for channel, why in closed.items() if why})


def begin(rt: Runtime, order: Order, now: datetime) -> datetime:
    """Return when an order that is frozen now may begin to leave."""
    at = max(now + timedelta(seconds=order.hold_s), order.not_before)
    return at if order.is_urgent else quiet.next_open(rt.settings, at)


def plan(
    rt: Runtime, tx: Connection, order: Order, openids: Sequence[str], left: Room, now: datetime
) -> list[Planned]:
    """Return a plan for each of these parents, in their order; takes from what is left."""
    refused = unwanted.refused(rt, tx, order, openids, now)
    at = begin(rt, order, now) + SPARE
    used = [channel for channel in PUSHING if channel not in left.closed]
    read = means.read(tx, order, used, [one for one in openids if one not in refused], at)
    known: dict[_Pattern, Mapping[Channel, str]] = {}
    return [
        Planned(openid, Channel.PULL, (), refused[openid])
        if openid in refused
        else _planned(left, read, openid, known)
        for openid in openids
    ]


def _planned(
    left: Room, read: Means, openid: str, known: dict[_Pattern, Mapping[Channel, str]]
) -> Planned:
    """Plan for one parent; `known` holds what fails for parents with the same means."""
    spent = tuple(channel for channel in PUSHING if left.left.get(channel, 0) <= 0)
    pattern = (read.pattern(openid), spent)
    failed = known.get(pattern)
    if failed is None:
        failed = known[pattern] = {
            channel: why for channel in PUSHING if (why := _why(left, read, channel, openid))
        }
    usable = [channel for channel in PUSHING if channel not in failed]
    if not usable:
        return Planned(openid, Channel.PULL, (), _reason(failed), failed)
    first = usable[0]
    left.left[first] -= 1
    if first is Channel.MASS:
        left.massed = max(left.massed, read.massed.get(openid, 0))
    # a mass job is made of whole batches: nobody comes to it from another channel
    later = tuple(channel for channel in usable[1:] if channel is not Channel.MASS)
    return Planned(openid, first, later, "", failed)


def _why(left: Room, read: Means, channel: Channel, openid: str) -> str:
    why = left.closed.get(channel, "") or read.fails(channel, openid)
    return why or (QUOTA if left.left.get(channel, 0) <= 0 else "")


def _closed(rt: Runtime, order: Order, channel: Channel) -> str:
    if channel in order.excluded:
        return EXCLUDED
    if order.texts[0].of(channel) is None:
        return NO_TEXT
    if channel is Channel.TEMPLATE and not rt.settings.template_messages:
        return TEMPLATE_OFF
    return ""


def _reason(failed: Mapping[Channel, str]) -> str:
    """Return the reason that stands for the row: of the widest channel meant to be used."""
    own = [why for why in failed.values() if why not in _FOR_ALL]
    return own[-1] if own else NO_CHANNEL
