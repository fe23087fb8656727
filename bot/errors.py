"""The tree of errors.

BotError
├── InvalidInput      a person can fix it: a setting, a file, a form field
│   └── StartRefused  the service does not start like this
├── NotAllowed        the person may not do this
├── NotFound          nothing there, or nothing this person may see
├── StoreAway         the database does not answer, is full or is read-only
└── wechat.errors.WeChatError   the platform refused (Retry, Gone, Quota, Refused, Unknown)

Anything else is a bug and rises.
"""

from __future__ import annotations


class BotError(Exception):
    """The service cannot do this."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class InvalidInput(BotError):
    """The input is not valid."""


class StartRefused(InvalidInput):
    """The service cannot start with these settings."""


class NotAllowed(BotError):
    """Not allowed."""


class NotFound(BotError):
    """There is nothing under this name."""


class StoreAway(BotError):
    """The database cannot take this now."""
