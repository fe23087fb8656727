"""What reached people: an append-only list, small even for a campaign of millions of rows."""

from __future__ import annotations

import hashlib
import json
from array import array
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANNELS = ("custom", "template", "bizsend", "mass", "preview")
# Of a call's body these say to whom and under which id, not what.
NOT_CONTENT = frozenset({"touser", "towxname", "filter", "clientmsgid", "client_msg_id"})


@dataclass(frozen=True)
class Message:
    """One message as it was sent: `wire` is the call's body, `job` the platform's id of it."""

    channel: str
    bubble: dict[str, Any]
    wire: dict[str, Any]
    key: str = ""
    template_id: str = ""
    job: int = 0

    @cached_property
    def digest(self) -> int:
        """Sixty-four bits of the content; the same words to two people have the same digest."""
        content = {k: v for k, v in self.wire.items() if k not in NOT_CONTENT}
        return digest(content)


def digest(content: dict[str, Any]) -> int:
    """Return BLAKE2b of eight bytes over JSON with sorted keys and no spaces."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = hashlib.blake2b(plain.encode(errors="replace"), digest_size=8)
    return int.from_bytes(found.digest(), "big")


@dataclass
class Words:
    """Texts back to back in one block of bytes; a repeat of the last one costs nothing."""

    block: bytearray = field(default_factory=bytearray)
    ends: array[int] = field(default_factory=lambda: array("Q"))
    last: str | None = None

    def place(self, word: str) -> int:
        """Return the number of this text, kept from now on."""
        if word != self.last:
            self.block += word.encode(errors="replace")
            self.ends.append(len(self.block))
            self.last = word
        return len(self.ends) - 1

    def __getitem__(self, place: int) -> str:
        start = self.ends[place - 1] if place else 0
        return self.block[start : self.ends[place]].decode()


class Ledger:
    """Columns side by side: about forty bytes a row beside its key, and a shared openid."""

    def __init__(self) -> None:
        self._at = array("d")
        self._channels = bytearray()
        self._openids: list[str] = []
        self._keys = Words()
        self._key_places = array("I")
        self._digests = array("Q")
        self._templates: dict[str, int] = {}
        self._template_places = array("H")
        self._jobs = array("Q")

    def __len__(self) -> int:
        return len(self._channels)

    def add(self, at: float, openid: str, message: Message) -> None:
        """Write one row; nothing ever changes or removes it."""
        self._at.append(at)
        self._channels.append(CHANNELS.index(message.channel))
        self._openids.append(openid)
        self._key_places.append(self._keys.place(message.key))
        self._digests.append(message.digest)
        template = self._templates.setdefault(message.template_id, len(self._templates))
        self._template_places.append(template)
        self._jobs.append(message.job)

    def rows(self, after: int = 0, limit: int = 1000) -> Iterator[dict[str, Any]]:
        """Give the rows numbered after `after`, in the order people got them."""
        names = list(self._templates)
        for place in range(max(0, after), min(len(self), after + limit)):
            yield self._row(place, names)

    def of(self, openid: str) -> list[dict[str, Any]]:
        """Return one person's rows; this reads the whole list."""
        names = list(self._templates)
        found = [n for n, other in enumerate(self._openids) if other == openid]
        return [self._row(place, names) for place in found]

    def by_channel(self) -> dict[str, int]:
        """Return how many rows each channel has."""
        return {name: self._channels.count(n) for n, name in enumerate(CHANNELS)}

    def _row(self, place: int, names: list[str]) -> dict[str, Any]:
        return {
            "n": place + 1,
            "at": self._at[place],
            "channel": CHANNELS[self._channels[place]],
            "openid": self._openids[place],
            "key": self._keys[self._key_places[place]],
            "digest": f"{self._digests[place]:016x}",
            "template_id": names[self._template_places[place]],
            "job": self._jobs[place],
        }
