"""A load generator in its own process: closed loop, or open loop with Poisson arrivals.

`load.py PORT TOKEN TEXTS.json closed|open COUNT [RATE]` prints one JSON object: latencies in ms
(open loop: from the scheduled instant, not from the sending) and how many answers were wrong.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CONNECTIONS = 32
#: Every text differs from all others: nothing that was worked out before helps.
ALL_NEW = "ALL_NEW" in os.environ
XML = (
    "<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[{openid}]]>"
    "</FromUserName><CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId></xml>"
)


def requests(token: str, texts: list[str], count: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (request, what its answer must contain); every message is new, every nonce too."""
    chance = random.Random(5)  # noqa: S311 - a seeded load
    start = time.time_ns() // 1000
    for i in range(count):
        openid = f"o{chance.randrange(20000):08d}bench"
        now, nonce = str(int(time.time())), f"{start + i}"  # noqa: TID251 - a real request's time
        signature = hashlib.sha1("".join(sorted((token, now, nonce))).encode()).hexdigest()  # noqa: S324
        text = chance.choice(texts)
        if ALL_NEW:
            text += chr(0x4E00 + i % 20000) + chr(0x4E00 + i // 20000)
        body = XML.format(openid=openid, now=now, text=text, number=start + i).encode()
        head = (
            f"POST /wechat?signature={signature}&timestamp={now}&nonce={nonce}&openid={openid} "
            f"HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body, openid.encode()


class Line:
    """One keep-alive connection that carries one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, request: bytes, expected: bytes) -> bool:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        return head.startswith(b"HTTP/1.1 200") and expected in body


async def closed(lines: list[Line], work: Iterator[tuple[bytes, bytes]]) -> tuple[list[float], int]:
    taken: list[float] = []
    wrong = 0

    async def one(line: Line) -> None:
        nonlocal wrong
        for request, expected in work:
            began = time.perf_counter()
            right = await line.ask(request, expected)
            wrong += not right
            taken.append(time.perf_counter() - began)

    await asyncio.gather(*(one(line) for line in lines))
    return taken, wrong


async def opened(
    lines: list[Line], work: Iterator[tuple[bytes, bytes]], rate: float
) -> tuple[list[float], int]:
    taken: list[float] = []
    wrong = 0
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)

    async def one(request: bytes, expected: bytes, due: float) -> None:
        nonlocal wrong
        line = await free.get()
        right = await line.ask(request, expected)
        wrong += not right
        taken.append(time.perf_counter() - due)
        free.put_nowait(line)

    chance = random.Random(7)  # noqa: S311 - seeded arrivals
    due = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for request, expected in work:
            due += chance.expovariate(rate)
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(request, expected, due))
    return taken, wrong


async def main() -> None:
    port, token, texts, kind, count, *rate = sys.argv[1:]
    work = iter(list(requests(token, json.loads(Path(texts).read_text()), int(count))))  # noqa: ASYNC240
    lines = [Line(int(port)) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(line.open() for line in lines))
    began = time.perf_counter()
    if kind == "closed":
        taken, wrong = await closed(lines, work)
    else:
        taken, wrong = await opened(lines, work, float(rate[0]))
    seconds = time.perf_counter() - began
    taken.sort()
    at = {f"p{p}_ms": round(taken[min(int(len(taken) * p / 100), len(taken) - 1)] * 1000, 2)
          for p in (50, 99, 99.9)}  # fmt: skip
    print(json.dumps({"count": len(taken), "wrong": wrong, "per_s": len(taken) / seconds, **at}))


if __name__ == "__main__":
    asyncio.run(main())
