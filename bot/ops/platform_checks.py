"""What only the platform, or our own port, can tell: clock, token, webhook, and a new account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from bot.errors import StoreAway
from bot.ops import account, wire
from bot.ops.finding import Finding, Verdict, made
from bot.runtime import Runtime
from bot.wechat.errors import WeChatError

_MOST_SKEW_S = 60.0
#: Refusals that have a sentence of their own in findings.yaml.
_TOLD = frozenset((40001, 40013, 40125, 40164, 40243))


async def platform(rt: Runtime) -> AsyncIterator[Finding]:
    """Compare clocks, and make one call with the account's token."""
    yield await clock(rt)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        try:
            addresses = await wire.shared_gateway(rt, http).token_check()
        except WeChatError as error:
            answer = error.answer
            yield made("token.refused", "fail", meaning=answer.meaning, remedy=answer.remedy)
        except StoreAway as error:
            yield made("token.not_asked", "skip", reason=str(error))
        else:
            yield made("token.ok", "ok", addresses=len(addresses))


async def clock(rt: Runtime) -> Finding:
    """Compare this machine's clock with the platform's Date header."""
    try:
        skew = rt.clock.timestamp() - await _date(rt)
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return made("platform.unreachable", "fail", reason=type(error).__name__)
    values = {"skew": f"{skew:+.0f}"}
    is_near = abs(skew) <= _MOST_SKEW_S
    return made("clock.ok", "ok", **values) if is_near else made("clock.wrong", "fail", **values)


async def _date(rt: Runtime) -> float:
    limit = aiohttp.ClientTimeout(total=rt.settings.wechat_timeout_s)
    async with (
        aiohttp.ClientSession(timeout=limit) as http,
        http.get(f"{rt.settings.wechat_api}/cgi-bin/getcallbackip") as answer,
    ):
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()


async def webhook(rt: Runtime) -> AsyncIterator[Finding]:
    """Ask the health page of the service on this machine."""
    url = f"http://{rt.settings.host}:{rt.settings.port}/healthz"
    limit = aiohttp.ClientTimeout(total=3)
    try:
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(url) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError):
        yield made("webhook.none", "skip", url=url)
        return
    key, verdict = _of_status(status)
    yield made(key, verdict, url=url, status=status)


def _of_status(status: int) -> tuple[str, Verdict]:
    return ("webhook.ok", "ok") if status == HTTPStatus.OK else ("webhook.broken", "fail")


async def check(rt: Runtime, values: Mapping[str, str]) -> list[Finding]:
    """Try AppID and AppSecret on the platform before they are saved, and compare the clocks.

    `values` stand in place of those in force, where given. Fetches a token of its own and keeps
    nothing: the stable token of the account stays what it is.
    """
    tried = dict(account.now(rt).values) | {n: v.strip() for n, v in values.items() if v.strip()}
    if not (tried.get("app_id") and tried.get("app_secret")):
        return [made("account.incomplete", "fail")]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        try:
            addresses = await wire.gateway(rt, http, tried).token_check()
        except WeChatError as error:
            found = _told(error)
        else:
            found = made("account.ok", "ok", addresses=len(addresses))
    skew = await clock(rt)
    return [found] if skew.key == "platform.unreachable" else [found, skew]


def _told(error: WeChatError) -> Finding:
    answer = error.answer
    if answer.code is None:
        return made("account.no_answer" if answer.has_left else "account.unreachable", "fail")
    if answer.code in _TOLD:
        values = {"address": answer.detail} if answer.code == 40164 else {}  # noqa: PLR2004
        return made(f"account.{answer.code}", "fail", **values)
    return made(
        "account.refused",
        "fail",
        code=answer.code,
        meaning=answer.meaning,
        remedy=answer.remedy,
    )
