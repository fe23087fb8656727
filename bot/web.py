"""`bot serve`: the aiohttp application with the webhook, parents' pages and the health page."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot import app as parts
from bot import heap
from bot.clock import Clock
from bot.dialogue import cried, late
from bot.dialogue.inbox import Inbox
from bot.dialogue.webhook import SERVER, Webhook
from bot.errors import BotError, StartRefused, StoreAway
from bot.h5 import links
from bot.impatience import Runner
from bot.library import find
from bot.logs import log
from bot.ops import account, metrics, wire
from bot.runtime import Runtime
from bot.safety import lines
from bot.settings import Settings

#: Seconds between two looks whether the account was changed in the console.
FOLLOW_S = 5.0


@asynccontextmanager
async def started(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[int]:
    """Run the service while the block runs; yields the port it listens on.

    That is the webhook's; the console's where it runs alone.
    """
    async with AsyncExitStack() as stack:
        rt = await stack.enter_async_context(parts.opened(settings, clock=clock))
        await stack.enter_async_context(parts.reachable(rt))
        await account.load(rt)
        await _warm(rt)
        port = 0
        if settings.serves != "webhook":
            port = await _beside(stack, rt)
        if settings.serves != "console":
            port = await stack.enter_async_context(_webhook(rt))
        yield port


async def _beside(stack: AsyncExitStack, rt: Runtime) -> int:
    """Open the console; where its usual port is taken and nobody chose it, parents go first.

    So a second process on a machine serves the webhook without being told.
    """
    try:
        return await stack.enter_async_context(console(rt))
    except StartRefused as refused:
        if rt.settings.serves == "console" or "console_port" in rt.settings.model_fields_set:
            raise
        log.warning("console_not_opened", reason=str(refused))
        return 0


@asynccontextmanager
async def _webhook(rt: Runtime) -> AsyncIterator[int]:
    settings = rt.settings
    async with AsyncExitStack() as stack:
        sender = late.Late(rt)
        stack.push_async_callback(sender.close)
        inbox = Inbox(rt, parts.engine(), sender)
        inbox.start()
        stack.push_async_callback(inbox.close)
        kept = cried.Cried(rt, inbox.note)
        stack.push_async_callback(kept.close)
        recovering = asyncio.create_task(_recover(rt, inbox, kept))
        stack.callback(recovering.cancel)
        webhook, path = Webhook(rt, inbox, kept), settings.webhook_path
        await stack.enter_async_context(_followed(rt, webhook))
        direct = {("GET", path): webhook.verify, ("POST", path): webhook.receive}
        runner = Runner(
            _application(rt, inbox), slow_client_s=settings.slow_client_s, direct=direct
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        port = await _listen(runner, settings, "", settings.port)
        log.info("serving", host=settings.host, port=port, path=settings.webhook_path)
        yield port


@asynccontextmanager
async def console(rt: Runtime) -> AsyncIterator[int]:
    """Run the staff site while the block runs; yields the port it listens on."""
    settings = rt.settings
    site = parts.site(rt)
    runner = Runner(site.application(), slow_client_s=settings.slow_client_s, direct={})
    await runner.setup()
    try:
        site.port = await _listen(runner, settings, "CONSOLE_", settings.console_port)
        log.info("console", host=settings.console_host, port=site.port)
        yield site.port
    finally:
        await runner.cleanup()


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what has arrived."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with started(settings):
        await stop.wait()
        log.info("stopping")


async def _listen(runner: Runner, settings: Settings, what: str, port: int) -> int:
    host: str = getattr(settings, f"{what.lower()}host")
    try:
        site = web.TCPSite(runner, host, port, reuse_port=settings.reuse_port or None)
        await site.start()
    except OSError as error:
        raise StartRefused(
            f"cannot listen on BOT_{what}HOST {host}, BOT_{what}PORT {port}: {error.strerror}"
        ) from error
    found: int = runner.addresses[0][1]
    return found


def _application(rt: Runtime, inbox: Inbox) -> web.Application:
    application = web.Application(client_max_size=rt.settings.body_limit_bytes)
    application.router.add_route("GET", "/healthz", _Health(rt).show)
    shown = metrics.Page(rt, lambda: inbox.depth)
    application.router.add_route("GET", "/metrics", shown.show)
    application.add_subapp(f"{links.PREFIX}/", parts.parents_site(rt).application())
    application.on_response_prepare.append(_quiet_headers)
    return application


async def _quiet_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER


async def _warm(rt: Runtime) -> None:
    """Load the base and answer one text: no parent waits, and a broken file stops the start."""
    async with rt.db.read() as tx:
        await tx.run_sync(lambda connection: parts.prepare(rt, connection))
        await tx.run_sync(lambda connection: lines.refresh(rt, connection))
    text = rt.say("help")
    rt.understander.understand(text)
    find.find(rt, text)
    heap.settle()


def _use(rt: Runtime, webhook: Webhook, before: account.Account | None) -> account.Account:
    """Let the webhook take pushes for the account in force, if that is another than before."""
    held = account.now(rt)
    if held is not before:
        webhook.use(wire.gate(rt), held["account_id"])
        log.info("account_used", version=held.version)
        if held.missing:
            log.warning("account_missing", names=list(held.missing))
    return held


@asynccontextmanager
async def _followed(rt: Runtime, webhook: Webhook) -> AsyncIterator[None]:
    """Let the webhook follow the account while the block runs.

    The task is asked to end, not cancelled: a driver may take the cancellation for its own.
    """
    stop = asyncio.Event()
    following = asyncio.create_task(_follow(rt, webhook, _use(rt, webhook, None), stop))
    try:
        yield
    finally:
        stop.set()
        await following


async def _follow(
    rt: Runtime, webhook: Webhook, used: account.Account, stop: asyncio.Event
) -> None:
    """Take over changes of the account, from whichever process they come."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FOLLOW_S):
                await stop.wait()
                return
        try:
            await account.follow(rt)
            used = _use(rt, webhook, used)
            await lines.follow(rt)
        except (BotError, DBAPIError) as error:  # what is in force stays so
            log.debug("account_not_followed", reason=type(error).__name__)


async def _recover(rt: Runtime, inbox: Inbox, kept: cried.Cried) -> None:
    count = await late.recover(rt, inbox.recover)
    count += await late.recover(rt, kept.take_up, cried.NAME)
    if count:
        log.warning("recovered", messages=count)


class _Health:
    """The health page of load balancers: 200 while the database answers."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt

    async def show(self, _request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(2), self._rt.db.read() as tx:
                await tx.execute(select(1))
        except (StoreAway, TimeoutError):
            return web.json_response({"database": "away"}, status=503)
        return web.json_response({"database": "ok"})
