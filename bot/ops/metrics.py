"""`/metrics`: counters of this process and states of the database, in Prometheus' text format.

No label comes from a parent: intents, bands, kinds, outcomes, jobs and incidents are our own words.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.delivery import fence, incidents
from bot.dialogue.tables import Delivery, inbox
from bot.errors import StoreAway
from bot.library import find
from bot.ops import copies, jobs
from bot.runtime import Runtime
from bot.tally import BOUNDS_S, Tally

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LIMIT_S = 2.0
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@dataclass(slots=True)
class _State:
    """What one scrape found in the database; nothing but `up` when it is away."""

    up: bool = False
    late: int = 0
    jobs: list[jobs.JobRun] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    fenced: bool = False


class Page:
    """The handler; `depth` tells how many messages are under way."""

    def __init__(self, rt: Runtime, depth: Callable[[], int]) -> None:
        self._rt, self._depth = rt, depth
        self._registry: Any = None
        self._state = _State()

    async def show(self, request: web.Request) -> web.Response:
        """Answer a scrape; whoever may not is told that there is nothing."""
        if not may_see(self._rt.settings.metrics, request):
            return web.Response(status=404)
        return web.Response(body=await self.text(), headers={"Content-Type": TYPE})

    async def text(self) -> bytes:
        """Return all metrics as text."""
        # 13 MB and 70 ms: for those who scrape
        from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
        from prometheus_client.exposition import generate_latest

        if self._registry is None:
            self._registry = CollectorRegistry(auto_describe=False)
            ProcessCollector(registry=self._registry)
            PlatformCollector(registry=self._registry)
            self._registry.register(self)
        self._state = await _state(self._rt)
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield our own metrics (called by the registry)."""
        yield from _counted(self._rt.tally)
        yield from _measured(self._rt, self._state, self._depth())


def may_see(setting: str, request: web.BaseRequest) -> bool:
    """Say whether a request may read the metrics: by default only this machine, not its proxy."""
    if setting != "local":
        return setting == "all"
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


async def _state(rt: Runtime) -> _State:
    found = _State()
    try:
        async with asyncio.timeout(_LIMIT_S), rt.db.read() as tx:
            waiting = inbox.c.delivery.in_([Delivery.LATE, Delivery.SENDING])
            found.late = await tx.scalar(select(func.count()).where(waiting)) or 0
            found.jobs = await jobs.listed(tx)
            found.incidents = await incidents.open_keys(tx)
            found.fenced = await fence.is_up(tx) is not None
    except (StoreAway, TimeoutError, DBAPIError):
        return _State()
    found.up = True
    return found


def _counted(tally: Tally) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    messages = CounterMetricFamily(
        "bot_messages", "Messages answered", labels=["kind", "intent", "band"]
    )
    for labels, number in list(tally.messages.items()):
        messages.add_metric(labels, number)
    yield messages
    refused = CounterMetricFamily("bot_pushes_refused", "Pushes turned away", labels=["status"])
    for status, number in list(tally.refused.items()):
        refused.add_metric([str(status)], number)
    yield refused
    late = CounterMetricFamily("bot_late_answers", "Customer messages tried", labels=["outcome"])
    for outcome, number in list(tally.late.items()):
        late.add_metric([str(outcome)], number)
    yield late
    took = HistogramMetricFamily("bot_webhook_seconds", "Time to the answer of a push")
    sums, total = [], 0
    for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), list(tally.buckets), strict=True):
        total += number
        sums.append((bound, float(total)))
    took.add_metric([], sums, tally.seconds)
    yield took


def _measured(rt: Runtime, state: _State, depth: int) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

    yield GaugeMetricFamily("bot_inbox_depth", "Messages under way", value=depth)
    yield GaugeMetricFamily("bot_database_up", "Whether the database answers", value=state.up)
    if find.is_loaded(rt):
        base = find.now(rt)
        info = InfoMetricFamily("bot_index", "The base this process answers from")
        info.add_metric([], {"version": base.index.version})
        yield info
        yield GaugeMetricFamily("bot_index_entries", "Entries in it", value=len(base.entries))
    for backup in copies.listed(rt.settings.data)[:1]:
        at = backup.at.timestamp()
        yield GaugeMetricFamily("bot_backup_timestamp_seconds", "The last backup", value=at)
    if not state.up:
        return
    yield GaugeMetricFamily("bot_late_waiting", "Late answers waiting", value=state.late)
    yield GaugeMetricFamily("bot_fence_up", "Whether the send fence stands", value=state.fenced)
    opened = GaugeMetricFamily("bot_incident_open", "Open incidents", labels=["key"])
    for key in state.incidents:
        opened.add_metric([key], 1)
    yield opened
    yield from _jobs(state.jobs)


def _jobs(runs: list[jobs.JobRun]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    started = GaugeMetricFamily(
        "bot_job_started_timestamp_seconds", "Last start of a job", labels=["job"]
    )
    number = CounterMetricFamily("bot_job_runs", "Runs of a job", labels=["job"])
    failed = CounterMetricFamily("bot_job_failures", "Failed runs of a job", labels=["job"])
    for run in runs:
        started.add_metric([run.name], run.last_started_at.timestamp())
        number.add_metric([run.name], run.runs)
        failed.add_metric([run.name], run.failures)
    yield from (started, number, failed)
