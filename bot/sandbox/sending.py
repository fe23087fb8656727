"""Runs mass sends: the administrator's confirmation, one job after another, speed, finish event."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from bot.sandbox import actions, pushes
from bot.sandbox.jobs import SPEEDS
from bot.sandbox.phones import Phone
from bot.sandbox.reach import reach

if TYPE_CHECKING:
    from bot.sandbox.jobs import MassJob
    from bot.sandbox.state import Platform

SENDER = "oSandboxOfMassSends000000000"  # the event comes from no follower
SLICE_MAX = 1000
SLICE_S = 0.05
LOOK_S = 0.02  # how often a waiting job looks at the clock, which moves by hand
NOT_CONFIRMED, REFUSED = "err(40002)", "err(40001)"


async def run(platform: Platform, job: MassJob) -> None:
    """Take a job from its call to its finish event; jobs run one after another."""
    await asyncio.sleep(platform.config.job_event_delay_s)
    refusal = await _confirmed(platform, job)
    async with platform.account.mass_turn:
        job.verdict = refusal or _verdict(platform, job)
        if job.is_success:
            await _send(platform, job)
        _close(platform, job)
    sender = Phone(SENDER, "")
    head = platform.head(sender)
    event = pushes.mass_finished(head, job.message_id, job.verdict, job.counts(), job.links)
    await actions.push(platform, sender, event)


async def _confirmed(platform: Platform, job: MassJob) -> str:
    """Wait for the administrator where the account is protected; return why it must not go.

    Source: mass send page: without an answer in thirty minutes the send fails. There only sends to
    everybody wait; `mass_confirm_all_only` is that, and every job waits by default here.
    """
    config = platform.config
    if not config.mass_confirm or (config.mass_confirm_all_only and not job.is_to_all):
        return ""
    job.state = "waiting"
    while not job.answered.is_set() and platform.clock.now() - job.at < config.mass_confirm_s:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await job.answered.wait()
    job.state = "queued"
    if not job.answered.is_set():
        return NOT_CONFIRMED
    return "" if job.is_allowed else REFUSED


def _verdict(platform: Platform, job: MassJob) -> str:
    job.state = "sending"
    if job.draft_id and job.draft_id not in platform.account.drafts:
        return "send fail"  # another job has sent this draft, and the id is dead
    return platform.faults.take_mass_status() or platform.config.mass_status


async def _send(platform: Platform, job: MassJob) -> None:
    """Reach the audience in slices, as fast as the speed step says."""
    place, month = 0, platform.clock.day()[:7]
    draft = platform.account.drafts.get(job.draft_id)
    while place < len(job.audience):
        size, seconds = _slice(platform, len(job.audience) - place)
        await asyncio.sleep(seconds)
        for phone in job.audience[place : place + size]:
            _send_one(platform, job, phone, month)
        place += size
    if draft is not None:
        job.links = draft.links()
        platform.account.drafts.pop(job.draft_id, None)  # it may have been deleted meanwhile


def _slice(platform: Platform, left: int) -> tuple[int, float]:
    """Return how many come next and how long that takes; a scale of 0 takes no time."""
    per_minute = SPEEDS[platform.account.mass_speed] * 10_000 * platform.config.mass_speed_scale
    if per_minute <= 0:
        return min(SLICE_MAX, left), 0.0
    size = min(left, SLICE_MAX, max(1, int(per_minute / 60 * SLICE_S)))
    return size, size * 60 / per_minute


def _send_one(platform: Platform, job: MassJob, phone: Phone, month: str) -> None:
    if phone.mass_in(month) >= platform.config.mass_per_month:
        job.filtered += 1
    elif phone.is_following:
        phone.count_mass(month)
        reach(platform, phone, job.message)
        job.sent += 1


def _close(platform: Platform, job: MassJob) -> None:
    """Say how it ended; a failed send to everybody gives its day back."""
    job.state, job.audience = "done", []
    job.status = "SEND_SUCCESS" if job.is_success else "SEND_FAIL"
    if not job.is_success and job.is_to_all:
        platform.account.mass_days.subtract([job.day, job.day[:7]])
