"""Bytes on a socket: what a client really sends, and what comes back."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from yarl import URL

from bot.sandbox import envelope, pushes


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def shape(self):
        """What a prober can see of a refusal: all but status and date."""
        seen = {k: v for k, v in self.headers.items() if k not in {"date", "connection"}}
        return seen, self.body


def read(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    return Answer(int(first.split()[1]), headers, body)


def request(query, body=b"", *, method="POST", path="/wechat", **headers) -> bytes:
    """Return a request as bytes; a header given as None is left out."""
    target = str(URL(path).with_query(query)) if isinstance(query, dict) else f"{path}?{query}"
    given = {
        "Host": "127.0.0.1",
        "Connection": "close",
        "Content-Type": "text/xml",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-").title(): value for name, value in headers.items()},
    }
    lines = [f"{k}: {v}" for k, v in given.items() if v is not None]
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode("latin-1") + body


async def exchange(port, raw: bytes) -> Answer:
    """Send the bytes on a connection of their own; returns the answer up to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        async with asyncio.timeout(15):
            return read(await reader.read())
    finally:
        writer.close()


def sealed(platform, phone, content="孩子写作业总是拖拉怎么办", *, number=None, mark=None):
    """Return a good push of a text, signed and encrypted as the platform is set."""
    head = platform.head(phone)
    fields = pushes.text(head, content)
    if number is not None:
        fields["MsgId"] = number
    return envelope.seal(platform, fields, mark)


def posted(push, **headers) -> bytes:
    """Return a push of the sandbox as bytes on the wire."""
    kind = {"content_type": push.headers["Content-Type"]}
    return request(push.query, push.body, **(kind | headers))


def is_hung_up(raw: bytes) -> bool:
    """Say whether a client got nothing but the end, or a refusal and the end."""
    return not raw or bool(re.match(rb"HTTP/1.1 4\d\d ", raw))
