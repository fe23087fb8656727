"""The callback URL: GET proves who we are, POST takes one push and answers it in time."""

from __future__ import annotations

import asyncio
from time import perf_counter

from aiohttp import web

from bot.dialogue import cries
from bot.dialogue.cried import Cried
from bot.dialogue.cries import Cry
from bot.dialogue.engine import text_of
from bot.dialogue.flood import Flood
from bot.dialogue.inbox import Inbox
from bot.errors import StoreAway
from bot.logs import frames, log
from bot.runtime import Runtime
from bot.safety import words
from bot.wechat import messages
from bot.wechat.inbound import Closed, Gate
from bot.wechat.refusals import Malformed, Refusal, TooLarge
from bot.wechat.replies import Reply, TextReply
from bot.wechat.reply import render

#: One body for every refusal: nothing to learn from it (RELIABILITY 1.4, rule 2).
_REFUSED = b"refused"
#: aiohttp would name itself, Python and their versions.
SERVER = "bot"
_HEADERS = {
    kind: {"Content-Type": f"{kind}; charset=utf-8", "Server": SERVER}
    for kind in ("text/plain", "text/xml", "application/json")
}


class Webhook:
    """The handlers of the callback URL."""

    def __init__(self, rt: Runtime, inbox: Inbox, cried: Cried) -> None:
        self._rt, self._inbox, self._cried = rt, inbox, cried
        self._flood = Flood(rt)
        self.use(Closed(), "")
        self._limit = rt.settings.body_limit_bytes
        self._body_s = rt.settings.slow_client_s

    def use(self, gate: Gate | Closed, account: str) -> None:
        """Take pushes through this gate for this account, from the next push on."""
        self.gate, self._account = gate, account

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the platform's check of the URL with its echostr."""
        try:
            echo = self.gate.verify_url(request.query)
        except Refusal as refusal:
            return self._refuse(refusal)
        return web.Response(body=echo.encode(), headers=_HEADERS["text/plain"])

    async def receive(self, request: web.Request) -> web.Response:
        """Take one push; the order of checks is that of RELIABILITY 1.4."""
        began, gate = perf_counter(), self.gate  # one gate for both halves of the check
        try:
            if (request.content_length or 0) > self._limit or "Content-Encoding" in request.headers:
                raise TooLarge
            signed = gate.check_query(request.query)
            inbound = gate.read(signed, await self._read(request))
        except Refusal as refusal:
            return self._refuse(refusal)
        try:
            reply = await self._answer(inbound.message)
        except Exception as bug:  # noqa: BLE001 - the platform must never see a 500
            log.error("push_failed", bug=frames(bug))
            reply = TextReply(self._rt.say("busy"))
        payload, content_type = render(reply, inbound.context)
        self._rt.tally.took(perf_counter() - began)
        return web.Response(body=payload, headers=_HEADERS[content_type])

    async def _answer(self, message: messages.Inbound) -> Reply | None:
        if message.account != self._account:
            log.warning("push_for_another_account")
            return None
        if isinstance(message, messages.Unknown):
            log.info("push_unknown", kind=message.kind, name=message.event)
        if self._flood.holds(message):
            return self._flood.instead(message)
        try:
            reply = await self._inbox.answer(message)
        except StoreAway:
            return await self._without_store(message)
        self._flood.note(message, reply)
        return reply

    async def _read(self, request: web.Request) -> bytes:
        """Read the body within its limits; a client that trickles is turned away."""
        request._client_max_size = self._limit  # noqa: SLF001 - aiohttp offers it per application only
        try:
            if request.content.is_eof():  # nearly always: the body came with the headers
                return await request.read()
            async with asyncio.timeout(self._body_s):
                return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise TooLarge from error
        except TimeoutError as error:
            raise Malformed("the body did not arrive in time") from error

    async def _without_store(self, message: messages.Inbound) -> Reply | None:
        """Answer from memory while the database is away: a crisis gets its help all the same."""
        text = text_of(message)
        if text is None:
            return None
        told = self._help(message, text)
        if told is None:
            return TextReply(self._rt.say("busy"))
        await self._cried.keep(message)
        return TextReply(told)

    def _help(self, message: messages.Inbound, text: str) -> str | None:
        """Return the first or second reply of a crisis; None where there is none."""
        rt, known = self._rt, cries.kept(self._rt)
        name, now = rt.pseudonyms.name(message.openid), rt.clock.now()
        told = known.told(name, message.key)
        if told is not None:
            return told
        understood, cry = rt.understand(text), known.get(name, message.key, now)
        crisis = understood.crisis
        if crisis is not None and (crisis.by_rule or cry is None):
            log.error("crisis_without_store", category=crisis.category, rule=crisis.rule)
            known.note(name, Cry.of(crisis), now)
            told = words.first(rt, crisis)
        elif cry is not None:
            choice = words.choice_of(text, understood, soft=cry.is_soft)
            known.answered(name, message.key)
            told = words.second(rt, cry.category, cry.severity, choice, cry.speaker)
        else:
            return None
        known.tell(name, message.key, told)
        return told

    def _refuse(self, refusal: Refusal) -> web.Response:
        self._rt.tally.refused[refusal.status] += 1
        log.info("push_refused", status=refusal.status, reason=str(refusal))
        return web.Response(status=refusal.status, body=_REFUSED, headers=_HEADERS["text/plain"])
