"""What is opened once and handed to everyone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from intents.understand import Understander

from bot.clock import Clock
from bot.db.engine import Database
from bot.logs import Pseudonyms
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway


@dataclass(slots=True)
class Runtime:
    """The opened things. `shelf` holds what a feature keeps in memory for its own replies.

    `code_key` makes the short ids of answers; `gateway` is None where no account is connected.
    """

    settings: Settings
    clock: Clock
    db: Database
    pseudonyms: Pseudonyms
    code_key: bytes
    understander: Understander
    gateway: Gateway | None = None
    shelf: dict[str, Any] = field(default_factory=dict)
