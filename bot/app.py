"""FEATURES is the one line a new feature adds; here the runtime is opened, the parts joined."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
from sqlalchemy import Connection

from bot import (
    admin,
    analytics,
    answers,
    audiences,
    campaigns,
    care,
    curation,
    directory,
    handoff,
    learning,
    logs,
    ops,
    pinned,
    profile,
    reach,
    week,
)
from bot.clock import Clock, SystemClock
from bot.console import (
    account_pages,
    invitation_pages,
    second_factor_pages,
    start_pages,
)
from bot.console import login_pages as staff_login_pages
from bot.console.site import Site
from bot.db.engine import Database
from bot.dialogue import flow_file, trial
from bot.dialogue.engine import Engine
from bot.dialogue.flow_run import Flows
from bot.dialogue.turn import Pass, ReplyFunction, Turn, WaitingFunction
from bot.errors import StartRefused
from bot.feature import Feature
from bot.h5 import login_pages, public_pages, sdk_pages
from bot.h5.site import Site as ParentsSite
from bot.ops import account, wire
from bot.runtime import Runtime
from bot.settings import Settings
from bot.wechat import menu
from bot.wechat.replies import Reply
from intents import understand

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway

FEATURES: tuple[Feature, ...] = (
    admin.FEATURE,
    analytics.FEATURE,
    answers.FEATURE,
    audiences.FEATURE,
    campaigns.FEATURE,
    care.FEATURE,
    curation.FEATURE,
    directory.FEATURE,
    handoff.FEATURE,
    learning.FEATURE,
    ops.FEATURE,
    pinned.FEATURE,
    profile.FEATURE,
    reach.FEATURE,
    week.FEATURE,
)


#: The intent of a message that is nothing but a code, and of the wishes to go on.
CODE, GO_ON = "check_in", ("continue", "skip", "number_choice")


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Runtime]:
    """Open the runtime for these settings and close it in the end.

    Raises:
        StartRefused: the data folder does not take the installation's key.
    """
    try:
        key = logs.installation_key(settings.privacy_key.get_secret_value(), settings.data)
    except OSError as error:
        raise StartRefused(f"BOT_DATA {settings.data} cannot be used: {error.strerror}") from error
    rt = Runtime(
        settings=settings,
        clock=clock or SystemClock(),
        db=Database(settings.url, pool=settings.database_pool),
        pseudonyms=logs.Pseudonyms(key),
        code_key=key,
        understander=understand.load(),
        erasers=tuple(f.erase for f in FEATURES if f.erase is not None),
        exporters=tuple(f.export for f in FEATURES if f.export is not None),
        audiences=_joined("audiences"),
        unwanted=_joined("unwanted"),
        mailboxes=tuple(f.messages for f in FEATURES if f.messages is not None),
        todos=tuple(f.todos for f in FEATURES if f.todos is not None),
        draft_campaign=next((f.draft_campaign for f in FEATURES if f.draft_campaign), None),
    )
    rt.account_id = lambda: account.now(rt)["account_id"]
    campaigns.know_pages(rt, [page.path for page in parents_site(rt).pages])
    made = engine()
    rt.trial = lambda text: trial.ask(rt, made, text)
    try:
        yield rt
    finally:
        await rt.db.dispose()


@asynccontextmanager
async def connected(rt: Runtime) -> AsyncIterator[Gateway]:
    """Connect the runtime to the platform's API while the block runs."""
    await account.load(rt)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        rt.gateway = wire.shared_gateway(rt, http)
        try:
            yield rt.gateway
        finally:
            rt.gateway = None


@asynccontextmanager
async def reachable(rt: Runtime) -> AsyncIterator[None]:
    """Let the runtime connect on first use: most answers never leave by the API (25 MB less).

    A change of the account is taken over with the next use; calls under way end on the gateway of
    before, the session stays.
    """
    async with AsyncExitStack() as stack:
        opening = asyncio.Lock()
        http: aiohttp.ClientSession | None = None
        used: account.Account | None = None

        async def connect() -> Gateway:
            nonlocal http, used
            async with opening:
                current = await account.follow(rt)
                if http is None:
                    made = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
                    http = await stack.enter_async_context(made)
                if rt.gateway is None or used is not current:
                    rt.gateway, used = wire.shared_gateway(rt, http), current
            return rt.gateway

        rt.connect = connect
        yield
        rt.connect = rt.gateway = None


def engine() -> Engine:
    """Return the engine with every feature's reply functions."""
    return Engine(
        replies=_replies(),
        choices=_joined("choices"),
        pending=_joined("pending"),
        events=_joined("events"),
        crisis=handoff.CRISIS_REPLY,
        prepare=prepare,
        taps=menu.load().questions(),
        related=answers.related,
        offer=answers.offer,
        official=answers.official,
        person=handoff.PERSON,
        waits=_joined("waits"),
        flows=Flows.of(
            flow_file.load_features(f.name for f in FEATURES),
            ends=_joined("flows"),
            asks=_joined("flow_asks"),
            done=_joined("flow_done"),
            judge=answers.judge,
        ),
    )


def _replies() -> dict[str, ReplyFunction]:
    """Return the reply functions; who gives codes looks first at a message that is one.

    In the same way who leads parents through something looks first at a wish to go on, and at a
    number nobody offered.
    """
    found: dict[str, ReplyFunction] = _joined("replies")
    codes = [feature.code for feature in FEATURES if feature.code is not None]
    leads = [feature.goes_on for feature in FEATURES if feature.goes_on is not None]
    looks = {CODE: codes, **dict.fromkeys(GO_ON, leads)}
    return found | {intent: _first(known, found[intent]) for intent, known in looks.items()}


def _first(known: Sequence[WaitingFunction], otherwise: ReplyFunction) -> ReplyFunction:
    """Return the reply of the first that does not let a message pass."""

    def reply(turn: Turn) -> Reply | str | None:
        for look in known:
            said = look(turn)
            if not isinstance(said, Pass):
                return said
        return otherwise(turn)

    return reply


def site(rt: Runtime) -> Site:
    """Return the console with the pages of every feature."""
    own = (*staff_login_pages.PAGES, *second_factor_pages.PAGES, *invitation_pages.PAGES)
    cards = [f.cards for f in FEATURES if f.cards is not None]
    searches = [f.search for f in FEATURES if f.search is not None]
    return Site(
        rt=rt,
        pages=(
            *own,
            *account_pages.PAGES,
            *start_pages.pages(cards, searches),
            *(page for feature in FEATURES for page in feature.pages),
        ),
        names=("console", *(f.name for f in FEATURES)),
        badges=_joined("badges"),
    )


def parents_site(rt: Runtime) -> ParentsSite:
    """Return the pages that parents open, those of every feature among them."""
    own = tuple(page for feature in FEATURES for page in feature.h5_pages)

    def owner() -> login_pages.Owner:
        held = account.now(rt)
        return login_pages.Owner(held["account_id"], held["app_id"], bool(held["app_secret"]))

    login = login_pages.pages(owner, lambda path: any(page.leads(path) for page in own))
    return ParentsSite(
        rt=rt,
        pages=(*public_pages.PAGES, *login, *sdk_pages.pages(owner), *own),
        names=tuple(f.name for f in FEATURES),
    )


def prepare(rt: Runtime, tx: Connection) -> None:
    """Do what the features need before a batch's first answer."""
    for feature in FEATURES:
        if feature.prepare is not None:
            feature.prepare(rt, tx)


def _joined(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for feature in FEATURES:
        part: Mapping[Any, Any] = getattr(feature, name)
        twice = found.keys() & part.keys()
        assert not twice, f"two features answer {sorted(map(str, twice))}"
        found |= part
    return found
