"""Saves the webhook address in the pretend console: the GET with an echostr."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from bot.sandbox import signing

if TYPE_CHECKING:
    from bot.sandbox.state import Platform


async def verify(platform: Platform, *, token: str = "") -> dict[str, Any]:
    """Ask the webhook to prove itself; another token than the account's should be refused.

    The echostr is plain in every mode of an official account.

    Source: access guide, developers.weixin.qq.com/doc/service, read 2026-10.
    """
    timestamp = str(int(platform.clock.now()))
    nonce = str(platform.noise.randrange(10**8, 2 * 10**9))
    echo = str(platform.noise.randrange(10**18, 9 * 10**18))
    query = {
        "signature": signing.sign(token or platform.config.token, timestamp, nonce),
        "echostr": echo,
        "timestamp": timestamp,
        "nonce": nonce,
    }
    url = URL(platform.config.webhooks[0]).update_query(query)
    status, body, trouble = await _get(platform, url)
    is_ok = status == 200 and body == echo.encode()  # noqa: PLR2004 - HTTP
    return {
        "ok": is_ok,
        "status": status,
        "sent": echo,
        "received": body.decode(errors="replace")[:500],
        "trouble": trouble,
        "url": str(url),
    }


async def _get(platform: Platform, url: URL) -> tuple[int, bytes, str]:
    assert platform.session is not None, "the application opens the session"
    try:
        async with asyncio.timeout(platform.config.push_timeout_s):
            async with platform.session.get(
                url, headers={"User-Agent": "Mozilla/4.0"}, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read(), ""
    except TimeoutError:
        return 0, b"", "timeout"
    except aiohttp.ClientError as error:
        return 0, b"", str(error)
