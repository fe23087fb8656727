"""Faults on demand: what the platform does wrong when a developer asks for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import NotHere
from bot.sandbox.jobs import VERDICTS

if TYPE_CHECKING:
    import random

KINDS = ("error", "status", "slow", "drop", "drop_before")
INBOUND = ("", "duplicate", "concurrent")
NUMBERS = ("code", "status", "seconds", "times", "share", "accept")


@dataclass
class Fault:
    """One fault of api.weixin.qq.com; `times` counts down, 0 means until it is removed.

    `error` answers an errcode, `status` an HTTP status, `slow` waits, `drop` does the work and
    closes the connection without an answer, `drop_before` closes it before the work. Only `share`
    of the calls are hit; of those hit by `error` or `status`, `accept` do the work all the same.
    """

    kind: str
    path: str = "*"
    code: int = -1
    status: int = 502
    seconds: float = 30.0
    times: int = 1
    share: float = 1.0
    accept: float = 0.0


@dataclass
class Faults:
    """The faults that are on, for calls (`api`), for pushes (`inbound`) and for the next jobs."""

    dice: random.Random
    api: list[Fault] = field(default_factory=list)
    inbound: str = ""
    mass_status: list[str] = field(default_factory=list)

    def add(self, values: dict[str, Any]) -> None:
        """Switch one API fault on; one that hits a share stays until it is removed.

        Raises:
            NotHere: an unknown kind or field, or a share that is none.

        """
        try:
            fault = Fault(**{"times": 1 if values.get("share", 1) == 1 else 0, **values})
        except TypeError as error:
            raise NotHere(f"not a fault: {error}") from error
        if fault.kind not in KINDS:
            raise NotHere(f"kind is one of {', '.join(KINDS)}")
        if not all(isinstance(getattr(fault, name), int | float) for name in NUMBERS):
            raise NotHere(f"numbers are {', '.join(NUMBERS)}")
        if not 0 <= fault.share <= 1 or not 0 <= fault.accept <= 1:
            raise NotHere("share and accept are between 0 and 1")
        self.api.append(fault)

    def set_inbound(self, kind: str) -> None:
        """Choose what happens to pushes: nothing, a duplicate afterwards, or two at once."""
        if kind not in INBOUND:
            raise NotHere(f"inbound is one of {', '.join(INBOUND[1:])} or empty")
        self.inbound = kind

    def add_mass_status(self, verdict: str) -> None:
        """Decide how the review of the next mass job ends; several wait in line."""
        if not VERDICTS.fullmatch(verdict):
            raise NotHere("mass_status is send success, send fail or err(10001) and the like")
        self.mass_status.append(verdict)

    def take_mass_status(self) -> str:
        """Return the verdict on the job that starts now; empty when none was asked for."""
        return self.mass_status.pop(0) if self.mass_status else ""

    def take(self, path: str, kind: str) -> Fault | None:
        """Return the fault of this kind that hits this path now, and count it down."""
        for fault in self.api:
            if fault.kind == kind and fault.path in ("*", path) and self._hits(fault.share):
                self._count_down(fault)
                return fault
        return None

    def accepts(self, fault: Fault) -> bool:
        """Return whether the work is done behind this refusal."""
        return self._hits(fault.accept)

    def clear(self) -> None:
        """Switch everything off."""
        self.api.clear()
        self.inbound = ""
        self.mass_status.clear()

    def as_json(self) -> dict[str, Any]:
        """Return what is on."""
        api = [asdict(fault) for fault in self.api]
        return {"api": api, "inbound": self.inbound, "mass_status": self.mass_status}

    def _hits(self, share: float) -> bool:
        """Throw the dice, but only for a true share: whole ones must not move the others."""
        return share >= 1 or (share > 0 and self.dice.random() < share)

    def _count_down(self, fault: Fault) -> None:
        if fault.times == 1:
            self.api.remove(fault)
        elif fault.times > 1:
            fault.times -= 1
