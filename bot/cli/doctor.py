"""`bot doctor`: look at everything the service stands on, and say in a sentence what is wrong."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

import aiohttp
import click
from sqlalchemy import func, select

from bot import logs, settings
from bot.app import connected, gate, opened
from bot.clock import day
from bot.db.migrate import current, heads
from bot.errors import BotError, StoreAway
from bot.library import find, tables
from bot.runtime import Runtime
from bot.wechat.errors import WeChatError

Verdict = Literal["ok", "warn", "fail", "skip"]
_LEAST_FREE = 500 * 1024 * 1024  # below this no broadcast may start (RELIABILITY 3)
_MOST_SKEW_S = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    verdict: Verdict
    what: str
    sentence: str


@click.command()
@click.option("--offline", is_flag=True, help="Do not call the platform.")
def doctor(*, offline: bool) -> None:
    """Check settings, disk, database, index, clock, token and the webhook."""
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    findings = asyncio.run(_examine(loaded, offline=offline))
    if any(f.verdict == "fail" for f in findings):
        raise SystemExit(1)


async def _examine(loaded: settings.Settings, *, offline: bool) -> list[Finding]:
    findings = []
    async with opened(loaded) as rt:
        checks: list[Callable[[Runtime], AsyncIterator[Finding]]] = [_account, _disk, _store]
        if not offline:
            checks += [_platform, _webhook]
        for check in checks:
            async for finding in check(rt):
                findings.append(finding)
                click.echo(f"{finding.verdict:4}  {finding.what:10}  {finding.sentence}")
    return findings


async def _account(rt: Runtime) -> AsyncIterator[Finding]:
    for name in ("account_id", "app_id", "app_secret", "token"):
        value = getattr(rt.settings, f"wechat_{name}")
        text = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if not text:
            sentence = f"BOT_WECHAT_{name.upper()} is not set (docs/connecting.md)"
            yield Finding("fail", "settings", sentence)
    if not rt.db.is_sqlite and not rt.settings.privacy_key.get_secret_value():
        sentence = "BOT_PRIVACY_KEY is not set: processes with other data folders disagree on names"
        yield Finding("warn", "settings", sentence)
    mode = rt.settings.wechat_mode
    if mode == "plain":
        yield Finding("warn", "settings", "plain mode: a signature does not cover the body")
    try:
        gate(rt)
    except BotError as error:
        yield Finding("fail", "settings", str(error))
    else:
        yield Finding("ok", "settings", f"the webhook can be opened in {mode} mode")


async def _disk(rt: Runtime) -> AsyncIterator[Finding]:
    folder = rt.settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        yield Finding("fail", "disk", f"BOT_DATA {folder} cannot be written: {error.strerror}")
        return
    free = shutil.disk_usage(folder).free
    verdict: Verdict = "ok" if free >= _LEAST_FREE else "warn"
    yield Finding(verdict, "disk", f"{free // 1024**2} MB free in {folder}")


async def _store(rt: Runtime) -> AsyncIterator[Finding]:
    if rt.db.is_absent():
        yield Finding("fail", "database", "there is none yet: run `bot init`")
        return
    try:
        async with rt.db.read() as tx:
            stands = await tx.run_sync(current)
            if stands != heads():
                yield Finding("fail", "database", f"schema at {stands}, needs {heads()}")
                return
            yield Finding("ok", "database", f"answers, schema at {', '.join(stands)}")
            await tx.run_sync(lambda c: find.refresh(rt, c))
            count = await tx.scalar(select(func.count()).select_from(tables.published))
    except (StoreAway, BotError) as error:
        yield Finding("fail", "database", str(error))
        return
    base, today = find.now(rt), day(rt.clock.now())
    yield Finding("ok", "index", f"{count} entries, version {base.index.version}")
    overdue = sum(e.review_due < today for e in base.entries.values())
    expired = len(base.barred(today))
    if overdue or expired:
        sentence = f"{overdue} entries are past their review day, {expired} may no longer answer"
        yield Finding("warn", "entries", sentence)


async def _platform(rt: Runtime) -> AsyncIterator[Finding]:
    yield await _clock(rt)
    async with connected(rt) as gateway:
        try:
            addresses = await gateway.token_check()
        except WeChatError as error:
            yield Finding("fail", "token", f"{error.answer.meaning} {error.answer.remedy}")
        except StoreAway as error:
            yield Finding("skip", "token", f"not asked: {error}")
        else:
            yield Finding("ok", "token", f"accepted; pushes come from {len(addresses)} addresses")


async def _clock(rt: Runtime) -> Finding:
    """Compare this machine's clock with the platform's Date header."""

    async def ask() -> float:
        limit = aiohttp.ClientTimeout(total=rt.settings.wechat_timeout_s)
        async with (
            aiohttp.ClientSession(timeout=limit) as http,
            http.get(f"{rt.settings.wechat_api}/cgi-bin/getcallbackip") as answer,
        ):
            return parsedate_to_datetime(answer.headers["Date"]).timestamp()

    try:
        skew = rt.clock.timestamp() - await ask()
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return Finding(
            "fail", "platform", f"BOT_WECHAT_API cannot be reached: {type(error).__name__}"
        )
    verdict: Verdict = "ok" if abs(skew) <= _MOST_SKEW_S else "fail"
    return Finding(verdict, "clock", f"{skew:+.0f} s from the platform's; pushes allow 300 s")


async def _webhook(rt: Runtime) -> AsyncIterator[Finding]:
    url = f"http://{rt.settings.host}:{rt.settings.port}/healthz"
    ask: Awaitable[int] = _status(url)
    try:
        status = await ask
    except (aiohttp.ClientError, TimeoutError):
        yield Finding("skip", "webhook", f"no service listens at {url}")
    else:
        verdict: Verdict = "ok" if status == 200 else "fail"  # noqa: PLR2004 - HTTP's own number
        yield Finding(verdict, "webhook", f"{url} answers {status}")


async def _status(url: str) -> int:
    limit = aiohttp.ClientTimeout(total=3)
    async with aiohttp.ClientSession(timeout=limit) as http, http.get(url) as answer:
        return answer.status
