"""An order to send: what it says by channel, to whom, between when and when; it never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Channel, Stage
from bot.errors import InvalidInput, NotFound

#: Where a parent's own link is put into a text.
LINK = "{link}"


@dataclass(frozen=True, slots=True)
class Content:
    """What a broadcast says, by channel; a channel without content is not used.

    `custom`: {"text"} or {"title", "description", "url", "picture_url"}.
    `notice`, `template`: {"template_id", "data": {key: value}, "url"}.
    `mass`: {"text"} or {"media_id"} of a draft. `pull`: {"title", "text", "url"}; always there.
    A text or url may hold `{link}`: the parent's own signed link to `target`.
    """

    pull: Mapping[str, str]
    custom: Mapping[str, str] | None = None
    notice: Mapping[str, Any] | None = None
    template: Mapping[str, Any] | None = None
    mass: Mapping[str, str] | None = None
    target: str = ""

    def of(self, channel: Channel) -> Mapping[str, Any] | None:
        """Return what is said on a channel, None where nothing is."""
        found: Mapping[str, Any] | None = getattr(self, channel.value)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the content as plain values."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered. `about` names whose order it is and is unique: a second click is the same.

    `consent` is the kind whose withdrawal stops it; `expected` the count that was approved;
    `texts` holds one content, or two for a split by chance (A/B).
    """

    account: str
    kind: str
    about: str
    texts: tuple[Content, ...]
    audience: Mapping[str, Any]
    not_before: datetime
    not_after: datetime
    consent: str = ""
    excluded: frozenset[Channel] = frozenset()
    is_urgent: bool = False
    expected: int | None = None
    canary: int = 0
    hold_s: int = 0
    id: int = 0
    stage: Stage = Stage.FREEZING
    round: int = 0
    frozen: int = 0
    cursor: str = ""
    digest: str = field(default="", repr=False)
    frozen_at: datetime | None = None
    reason: str = ""

    def channels(self) -> list[Channel]:
        """Return the channels that may be used, the cheapest first; the page of messages last."""
        first = self.texts[0]
        return [c for c in Channel if c not in self.excluded and first.of(c) is not None]


async def place(tx: AsyncConnection, order: Order, now: datetime) -> int:
    """Note an order; returns its number, that of the same order where it was placed before.

    Raises:
        InvalidInput: it ends before it begins, or says nothing.
    """
    return await tx.run_sync(lambda plain: place_in(plain, order, now))


def place_in(tx: Connection, order: Order, now: datetime) -> int:
    """Do the same as `place` in the plain transaction of `Database.transact`.

    Raises:
        InvalidInput: as `place`.
    """
    _check(order)
    known = tx.scalar(select(broadcasts.c.id).where(broadcasts.c.about == order.about))
    if known is not None:
        return int(known)
    made = tx.execute(insert(broadcasts).values(_row(order, now)).returning(broadcasts.c.id))
    return int(made.scalar_one())


def load(tx: Connection, number: int, *, is_locked: bool = False) -> Order:
    """Return an order by its number; locked, no other transaction changes it meanwhile.

    Raises:
        NotFound: there is none.
    """
    query = select(broadcasts).where(broadcasts.c.id == number)
    found = tx.execute(query.with_for_update() if is_locked else query)
    row = found.mappings().first()
    if row is None:
        raise NotFound(f"no broadcast has the number {number}")
    return of_row(row)


_stage = select(broadcasts.c.stage).where(broadcasts.c.id == bindparam("number"))


def now_of(tx: Connection, order: Order) -> Order:
    """Return the same order as it stands now: only its stage ever changes while it is sent."""
    stage = tx.scalar(_stage, {"number": order.id})
    return order if stage == order.stage else load(tx, order.id)


def of_row(row: Mapping[Any, Any]) -> Order:
    """Return the order of a row of `broadcast`."""
    return Order(
        account=row["account"],
        kind=row["kind"],
        about=row["about"],
        texts=tuple(Content(**one) for one in json.loads(row["content"])),
        audience=json.loads(row["audience"]),
        not_before=row["not_before"],
        not_after=row["not_after"],
        consent=row["consent"],
        excluded=frozenset(Channel(name) for name in row["excluded"].split()),
        is_urgent=row["urgent"],
        expected=row["expected"],
        canary=row["canary"],
        hold_s=row["hold_s"],
        id=row["id"],
        stage=Stage(row["stage"]),
        round=row["round"],
        frozen=row["frozen"],
        cursor=row["cursor"],
        digest=row["digest"],
        frozen_at=row["frozen_at"],
        reason=row["reason"],
    )


def _check(order: Order) -> None:
    if order.not_after <= order.not_before:
        raise InvalidInput("broadcast.times")
    if len(order.texts) not in (1, 2) or not all(text.pull.get("title") for text in order.texts):
        raise InvalidInput("broadcast.content")


def _row(order: Order, now: datetime) -> dict[str, Any]:
    return {
        "account": order.account,
        "kind": order.kind,
        "about": order.about,
        "stage": Stage.FREEZING,
        "content": json.dumps([text.as_json() for text in order.texts], ensure_ascii=False),
        "audience": json.dumps(order.audience, ensure_ascii=False, sort_keys=True),
        "consent": order.consent,
        "excluded": " ".join(sorted(order.excluded)),
        "urgent": order.is_urgent,
        "expected": order.expected,
        "frozen": 0,
        "digest": "",
        "cursor": "",
        "canary": order.canary,
        "hold_s": order.hold_s,
        "not_before": order.not_before,
        "not_after": order.not_after,
        "ordered_at": now,
        "reason": "",
        "round": 0,
        "plan": "{}",
    }
