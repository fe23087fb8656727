"""What a call handler gets and may give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform

Item = TypeVar("Item")
PAGE_MAX = 20
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True)
class Upload:
    """The file of a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """One call: its query, its JSON body and, for uploads, its file."""

    path: str
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    upload: Upload | None = None
    form: dict[str, str] = field(default_factory=dict)  # the other fields of a multipart body
    origin: str = ""  # the sandbox's own address as the caller wrote it

    def text(self, name: str) -> str:
        """Return a field of the body as text, empty when absent."""
        value = self.body.get(name)
        return "" if value is None else str(value)

    def part(self, name: str) -> dict[str, Any]:
        """Return a nested object; anything else is 47001."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise ApiError(47001)
        return value


class Download(NamedTuple):
    """An answer that is a file."""

    filename: str
    content_type: str
    content: bytes


class Route(NamedTuple):
    """How a path is called: method, whether it needs a token, and what does the work."""

    method: str
    handle: Callable[[Platform, Call], dict[str, Any] | Download]
    needs_token: bool = True
    is_upload: bool = False
    charset_code: int = 47002  # the code for a body with \\uXXXX escapes


def page_of(call: Call, found: list[Item]) -> list[Item]:
    """Return what `offset` and `count` (1 to 20) name; anything else is 40097."""
    offset, count = call.body.get("offset", 0), call.body.get("count", PAGE_MAX)
    if not isinstance(offset, int) or not isinstance(count, int):
        raise ApiError(40097)
    if offset < 0 or not 1 <= count <= PAGE_MAX:
        raise ApiError(40097)
    return found[offset : offset + count]


def follower(platform: Platform, openid: str, *, missing: int = 43004) -> Phone:
    """Return a follower's phone.

    Raises:
        ApiError: 40003 for a foreign openid, `missing` for somebody who does not follow.

    """
    phone = platform.phones.get(openid)
    if phone is None:
        raise ApiError(40003)
    if not phone.is_following:
        raise ApiError(missing)
    return phone
