"""Delivers a push to the webhook: posts it, waits five seconds, tries again, judges the answer."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.sandbox import envelope, texts
from bot.sandbox.findings import Finding, note
from bot.sandbox.judge import Bench, Verdict, judge
from bot.sandbox.replies import Rules

if TYPE_CHECKING:
    from bot.sandbox.envelope import Request
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields

HTTP_OK = range(200, 300)
BODY_SHOWN = 20_000  # bytes of an answer that are kept for the developer
BODY_READ = 1_000_000
BYTES_AT_ONCE = 2**20  # aiohttp warns above this


@dataclass
class Attempt:
    """One request and what came back; `status` 0 means nothing came."""

    number: int
    request: Request
    webhook_url: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ms: float = 0.0
    trouble: Finding | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the platform takes this answer and does not try again."""
        return self.status in HTTP_OK

    def as_json(self, opened: str = "") -> dict[str, Any]:
        """Return the wire as the developer sees it."""
        sent = self.request
        return {
            "ms": round(self.ms, 1),
            "status": self.status,
            "trouble": self.trouble.sentence if self.trouble else "",
            "request": {
                "url": str(sent.url(self.webhook_url)),
                "headers": sent.headers,
                "body": sent.body.decode(errors="replace")[:BODY_SHOWN],
                "plain": sent.plain if sent.aes_key else "",
            },
            "response": {
                "status": self.status,
                "headers": self.headers,
                "body": self.body.decode(errors="replace")[:BODY_SHOWN],
                "plain": opened if sent.aes_key else "",
            },
        }


@dataclass
class Delivery:
    """A push with everything that happened to it."""

    fields: Fields
    attempts: list[Attempt]
    verdict: Verdict
    ms: float

    def as_json(self) -> dict[str, Any]:
        """Return the delivery as the control interface gives it."""
        verdict = self.verdict
        tries = [a.as_json() for a in self.attempts[:-1]]
        last = self.attempts[-1].as_json(verdict.opened)
        return {
            "outcome": verdict.outcome,
            "reply": verdict.reply,
            "text": verdict.text,
            "ms": round(self.ms, 1),
            "attempts": len(self.attempts),
            "findings": [found.sentence for found in verdict.findings],
            "finding_codes": [found.code for found in verdict.findings],
            "push": self.fields,
            "wire": {"request": last["request"], "response": last["response"]},
            "tries": [*tries, last],
        }

    def brief(self) -> dict[str, Any]:
        """Return the delivery without the wire, for a phone of a crowd."""
        return {**self.as_json(), "push": {}, "wire": {}, "tries": []}


async def deliver(platform: Platform, fields: Fields) -> Delivery:
    """Push these fields until the webhook answers, at most `deliveries_max` times.

    Every try carries the same MsgId and CreateTime. The answer to the last open request counts.
    """
    start = platform.clock.monotonic()
    if platform.faults.inbound == "concurrent":
        attempts = await _together(platform, fields)
    else:
        attempts = await _in_turn(platform, fields)
    ms = (platform.clock.monotonic() - start) * 1000
    found = verdict(platform, fields, attempts[-1])
    found.findings[:0] = [a.trouble for a in attempts if a.trouble]
    if platform.faults.inbound:
        await _compare(platform, fields, attempts, found)
    return Delivery(fields, attempts, found, ms)


async def _in_turn(platform: Platform, fields: Fields) -> list[Attempt]:
    config = platform.config
    request = envelope.seal(platform, fields)
    attempts = [await post(platform, request)]
    while not attempts[-1].is_answered and len(attempts) < config.deliveries_max:
        if attempts[-1].trouble and attempts[-1].trouble.code != "timeout":
            await asyncio.sleep(config.retry_pause_s)
        if config.retry_new_signature:
            request = envelope.seal(platform, fields)
        attempts.append(await post(platform, request, len(attempts) + 1))
    return attempts


async def _together(platform: Platform, fields: Fields) -> list[Attempt]:
    """Post the same push twice at once, as when a retry overtakes a slow first answer."""
    requests = [envelope.seal(platform, fields) for _ in range(2)]
    posts = [post(platform, request, n) for n, request in enumerate(requests, 1)]
    return list(await asyncio.gather(*posts))


async def _compare(
    platform: Platform, fields: Fields, attempts: list[Attempt], shown: Verdict
) -> None:
    """Remark when a repeated push was answered with another reply; silence counts as the same."""
    if platform.faults.inbound == "duplicate":
        other = await post(platform, envelope.seal(platform, fields), len(attempts) + 1)
    else:
        other = attempts[0]
    second = verdict(platform, fields, other)
    if shown.reply and second.reply and second.text != shown.text:
        shown.findings.append(note("repeat_differs"))


async def post(platform: Platform, request: Request, number: int = 1) -> Attempt:
    """Send one request and wait for its answer, no longer than the platform waits."""
    attempt = Attempt(number, request, platform.next_webhook())
    start = platform.clock.monotonic()
    try:
        async with asyncio.timeout(platform.config.push_timeout_s):
            await _exchange(platform, attempt)
    except TimeoutError:
        seconds = platform.config.push_timeout_s
        attempt.trouble = note("timeout", number=number, seconds=seconds)
    except aiohttp.ClientError as error:
        attempt.trouble = note("connection", number=number, error=error)
    attempt.ms = (platform.clock.monotonic() - start) * 1000
    return attempt


async def _exchange(platform: Platform, attempt: Attempt) -> None:
    session = platform.session
    assert session is not None, "the application opens the session"
    request = attempt.request
    url = request.url(attempt.webhook_url)
    data = io.BytesIO(request.body) if len(request.body) > BYTES_AT_ONCE else request.body
    async with session.post(
        url, data=data, headers=request.headers, allow_redirects=False
    ) as answer:
        body = await answer.content.read(BODY_READ)
        while not answer.content.at_eof() and len(body) < BODY_READ:
            body += await answer.content.read(BODY_READ - len(body))
        attempt.body, attempt.headers = body, dict(answer.headers)
        attempt.status = answer.status
    if not attempt.is_answered:
        attempt.trouble = note("status", number=attempt.number, status=attempt.status)


def verdict(platform: Platform, fields: Fields, attempt: Attempt) -> Verdict:
    """Judge one answer; no answer at all shows the fault text."""
    if not attempt.is_answered:
        return Verdict("fault")
    return judge(attempt.body, _bench(platform, fields, attempt.request))


def _bench(platform: Platform, fields: Fields, request: Request) -> Bench:
    config = platform.config
    rules = Rules(
        account_id=config.account_id,
        openid=str(fields.get("FromUserName", "")),
        push_kind=str(fields.get("MsgType", "")),
        text_bytes_max=config.text_bytes_max,
        has_media=lambda media_id: platform.media(media_id) is not None,
    )
    keys = dict.fromkeys((request.aes_key, config.aes_key, platform.old_key))
    return Bench(
        mode=config.mode,
        data_format=config.data_format,
        token=config.token,
        app_id=config.app_id,
        keys=tuple(key for key in keys if key),
        rules=rules,
    )


def fault_text() -> str:
    """Return what the user sees when the account does not answer properly."""
    return texts.say("fault")
