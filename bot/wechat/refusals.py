"""Why a push is turned away: one class per HTTP status, drawn here.

Refusal
├── Forged       403  not signed by the platform, too old, repeated, or a downgrade to plaintext
├── Malformed    400  signed, but not a readable push; names the field, not its content
├── Undecodable  400  signed, but the ciphertext does not open; says no more: no oracle
└── TooLarge     413  the body is over the cap
"""

from __future__ import annotations

from typing import ClassVar

from bot.errors import BotError


class Refusal(BotError):
    """The push is refused."""

    status: ClassVar[int] = 400


class Forged(Refusal):
    """The request is not signed by the platform."""

    status = 403


class Malformed(Refusal):
    """The push cannot be read."""


class Undecodable(Refusal):
    """The ciphertext does not open."""


class TooLarge(Refusal):
    """The body is too large."""

    status = 413
