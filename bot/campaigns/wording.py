"""Why a row stands as it does, in words: the ledger's reasons, and those of the staff."""

from __future__ import annotations

from collections.abc import Callable

from bot.console.visit import Visit
from bot.delivery import reasons


def of(visit: Visit) -> Callable[[str], str]:
    """Return what puts a reason in words; nothing for none."""

    def why(key: str) -> str:
        own = f"campaign.why_{key}"
        if not key or own in visit.renderer.messages:
            return visit.text(own) if key else ""
        return reasons.of(visit.rt, key).text

    return why
