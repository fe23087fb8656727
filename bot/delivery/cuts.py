"""How a frozen audience is cut into batches: one range of rows, one channel, one text each."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from bot.db.upsert import upsert
from bot.delivery.ledger_tables import STRIDE, batches, broadcasts
from bot.delivery.states import Channel, State

#: Rows of a batch; a mass job takes up to 10,000 openids (WECHAT 5.4).
SIZES = {Channel.MASS: 10_000, Channel.PULL: 10_000}
SIZE = 500
#: Number of the batch that goes first and alone.
CANARY = 0
_RANK = {channel: rank for rank, channel in enumerate(Channel, 1)}
_COLUMNS = ("channel", "first_n", "last_n", "is_done", "counts")


def base_of(channel: Channel, variant: int) -> int:
    """Return the number before the first row of a channel and text in any broadcast."""
    return (_RANK[channel] * 2 + variant) * STRIDE


@dataclass(slots=True)
class _Cut:
    """A batch that is still being filled."""

    number: int
    first_n: int
    last_n: int
    size: int
    states: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Cuts:
    """The batches of one order so far; `place` gives the next row its number."""

    streams: dict[str, _Cut]
    next_number: int
    rows: Counter[str]
    reasons: Counter[str]
    changed: dict[int, tuple[str, _Cut]] = field(default_factory=dict)

    @classmethod
    def read(cls, tx: Connection, broadcast: int) -> Cuts:
        """Return the cuts as the last page left them."""
        said = tx.scalar(select(broadcasts.c.plan).where(broadcasts.c.id == broadcast))
        plan = json.loads(said or "{}")
        streams = {
            name: _Cut(number, first, last, size, Counter(states))
            for name, (number, first, last, size, states) in plan.get("streams", {}).items()
        }
        return cls(
            streams,
            plan.get("next", 1),
            Counter(plan.get("rows", {})),
            Counter(plan.get("reasons", {})),
        )

    def place(self, channel: Channel, variant: int, state: State, reason: str, canary: int) -> int:
        """Return the number of a new row of this channel and text."""
        name = f"{channel}{variant}"
        cut = self.streams.get(name)
        if cut is None:
            base = base_of(channel, variant)
            is_first = not self.rows and canary > 0 and channel not in SIZES
            cut = self._open(name, base, canary if is_first else 0, channel)
        elif cut.last_n - cut.first_n + 1 >= cut.size:
            cut = self._open(name, cut.last_n, 0, channel)
        cut.last_n += 1
        cut.states[state] += 1
        self.changed[cut.number] = (channel, cut)
        self.rows[channel] += 1
        if reason:
            self.reasons[reason] += 1
        return cut.last_n

    def _open(self, name: str, after: int, canary: int, channel: Channel) -> _Cut:
        number = CANARY if canary else self.next_number
        self.next_number += not canary
        made = _Cut(number, after + 1, after, canary or SIZES.get(channel, SIZE))
        self.streams[name] = made
        return made

    def save(self, tx: Connection, broadcast: int) -> None:
        """Write the batches that were begun or filled since the last page."""
        is_sqlite = tx.dialect.name == "sqlite"
        rows = [self._row(broadcast, *changed) for changed in self.changed.values()]
        put = upsert(batches, ("broadcast", "number"), _COLUMNS, is_sqlite=is_sqlite)
        if rows:
            tx.execute(put, rows)

    @staticmethod
    def _row(broadcast: int, channel: str, cut: _Cut) -> dict[str, Any]:
        return {
            "broadcast": broadcast,
            "number": cut.number,
            "channel": channel,
            "first_n": cut.first_n,
            "last_n": cut.last_n,
            "is_done": State.PLANNED not in cut.states,
            "counts": json.dumps(cut.states),
        }

    def as_json(self) -> str:
        """Return what the next page and the staff need: rows by channel and by reason."""
        streams = {
            name: [cut.number, cut.first_n, cut.last_n, cut.size, cut.states]
            for name, cut in self.streams.items()
        }
        said = {
            "rows": self.rows,
            "reasons": self.reasons,
            "next": self.next_number,
            "streams": streams,
        }
        return json.dumps(said)
