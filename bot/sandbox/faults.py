"""Faults on demand: what the platform does wrong when a developer asks for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.errors import NotHere

KINDS = ("error", "status", "slow", "drop")
INBOUND = ("", "duplicate", "concurrent")


@dataclass
class Fault:
    """One fault of api.weixin.qq.com; `times` counts down, 0 means until it is removed.

    `error` answers an errcode, `status` an HTTP status, `slow` waits, `drop` does the work and
    closes the connection without an answer.
    """

    kind: str
    path: str = "*"
    code: int = -1
    status: int = 502
    seconds: float = 30.0
    times: int = 1


@dataclass
class Faults:
    """The faults that are on, for calls (`api`) and for pushes (`inbound`)."""

    api: list[Fault] = field(default_factory=list)
    inbound: str = ""

    def add(self, values: dict[str, Any]) -> None:
        """Switch one API fault on.

        Raises:
            NotHere: an unknown kind or field.

        """
        try:
            fault = Fault(**values)
        except TypeError as error:
            raise NotHere(f"not a fault: {error}") from error
        if fault.kind not in KINDS:
            raise NotHere(f"kind is one of {', '.join(KINDS)}")
        self.api.append(fault)

    def set_inbound(self, kind: str) -> None:
        """Choose what happens to pushes: nothing, a duplicate afterwards, or two at once."""
        if kind not in INBOUND:
            raise NotHere(f"inbound is one of {', '.join(INBOUND[1:])} or empty")
        self.inbound = kind

    def take(self, path: str, kind: str) -> Fault | None:
        """Return the fault of this kind for this path, and count it down."""
        for fault in self.api:
            if fault.kind == kind and fault.path in ("*", path):
                self._count_down(fault)
                return fault
        return None

    def clear(self) -> None:
        """Switch everything off."""
        self.api.clear()
        self.inbound = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is on."""
        return {"api": [asdict(fault) for fault in self.api], "inbound": self.inbound}

    def _count_down(self, fault: Fault) -> None:
        if fault.times == 1:
            self.api.remove(fault)
        elif fault.times > 1:
            fault.times -= 1
