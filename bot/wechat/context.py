"""What a reply needs to know about the push it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.wechat.messages import Inbound, Message

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.wechat.cipher import Cipher
    from bot.wechat.envelope import Form

ARTICLES_TO_MESSAGE = 1
ARTICLES_TO_EVENT = 8


@dataclass(frozen=True, slots=True)
class Seal:
    """How to encrypt and sign a reply: with the key and the token that the push came with."""

    cipher: Cipher = field(repr=False)
    key: int
    token: str = field(repr=False)
    nonce: str


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """Address, form and rules of the answer to one push; `seal` is None in plain mode."""

    message: Inbound = field(repr=False)
    form: Form
    clock: Clock = field(repr=False)
    seal: Seal | None

    @property
    def articles_max(self) -> int:
        """How many articles may be sent: 1 to a message, 8 to an event.

        Source: WECHAT.md 2.7.
        """
        return ARTICLES_TO_MESSAGE if isinstance(self.message, Message) else ARTICLES_TO_EVENT
