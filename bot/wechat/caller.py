"""How the verbs of the gateway call: a write once, a read twice at most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.wechat import errors

if TYPE_CHECKING:
    from bot.wechat.client import AsyncWeChatClient


class Caller:
    """What every group of verbs stands on."""

    def __init__(self, client: AsyncWeChatClient) -> None:
        self.client = client

    async def write(self, api: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a call with an effect, once.

        Raises:
            Unknown: a timeout, a reset, no readable answer or errcode -1; never to be repeated
                where the platform knows no key.
        """
        return fields(api, "POST", await self.client.post(api, data=dict(body)))

    async def ask(self, api: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a POST that reads, a second time when there was no good answer."""
        return await read(api, lambda: self.client.post(api, data=dict(body)))


async def read(api: str, call: Callable[[], Awaitable[Any]]) -> Mapping[str, Any]:
    """Make a call that may be repeated, a second time when there was no good answer."""
    try:
        return fields(api, "GET", await call())
    except errors.Retry as error:
        if error.after_s > errors.DEFAULT_AFTER_S:
            raise  # the platform has asked to wait
    return fields(api, "GET", await call())


def fields(api: str, method: str, answer: Any) -> Mapping[str, Any]:
    """Return an answer's fields; anything but an object (a proxy's page) is no answer."""
    if not isinstance(answer, Mapping):
        raise errors.no_answer(api, method)
    return answer


def needed(api: str, method: str, answer: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """Return fields of an answer as text; one that is missing makes it no answer."""
    if any(not isinstance(answer.get(name), str | int) or answer[name] == "" for name in names):
        raise errors.no_answer(api, method)
    return tuple(str(answer[name]) for name in names)


def number(api: str, method: str, answer: Mapping[str, Any], name: str) -> int:
    """Return a whole number of an answer; a missing or broken one makes it no answer."""
    (text,) = needed(api, method, answer, name)
    if not (text.isascii() and text.isdigit()):
        raise errors.no_answer(api, method)
    return int(text)
