"""The crash protocol: workers that are killed again and again while a broadcast leaves.

The pretend platform's own ledger is the witness (RELIABILITY 2.4). `scripts/crash` runs it many
times; a short run is part of the tests.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select, text

from bot.clock import SystemClock
from bot.db.engine import Database
from bot.delivery import order
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.order import Content, Order
from bot.delivery.states import OVER, Stage
from bot.people.acceptances import acceptances
from bot.sandbox import crowd
from bot.sandbox.faults import Fault
from bot.settings import Settings
from tests.support import process, sending, world
from tests.support.process import BOT, ROOT, environment
from tests.support.waiting import until

#: `tag`: a mass send by a tag of its own.
CHANNELS = ("custom", "notice", "template", "mass", "tag")
_MASS = ("mass", "tag")
NOTICE = "SANDBOX_NOTICE_week_activity_00000000000001"
TEMPLATE = "SANDBOX_TEMPLATE_course_start_0000000000001"
#: An opt-out may be this late: what was claimed has left.
LATE_S = 1.0
_DATA = {"thing1": "家长课堂", "time2": "15:01", "thing3": "一号楼"}
_TEXTS = {
    "custom": {"text": "本周六上午有一节现场课。"},
    "notice": {"template_id": NOTICE, "data": _DATA},
    "template": {"template_id": TEMPLATE, "data": _DATA},
    "mass": {"text": "本周六上午有一节现场课。"},
}
TOO_FAST = 45011
#: One run in so many meets the minute's limit: it waits a whole minute.
SELDOM = 12
_PATHS = {
    "custom": "/cgi-bin/message/custom/send",
    "notice": "/cgi-bin/message/subscribe/bizsend",
    "template": "/cgi-bin/message/template/send",
    "mass": "/cgi-bin/message/mass/send",
    "tag": "/cgi-bin/message/mass/sendall",
}
#: What goes wrong on the wire, by name; each run draws one.
FAULTS = {
    "none": (),
    "drop_before": (Fault("drop_before", times=0, share=0.01),),
    "drop_after": (Fault("drop", times=0, share=0.01),),
    "busy": (Fault("error", code=-1, times=0, share=0.03, accept=0.5),),
    "slow": (Fault("slow", seconds=3.0, times=0, share=0.01),),
    "limits": (Fault("error", code=TOO_FAST, times=20),),
    "token": (),
}


@dataclass
class Plan:
    """One run: what is killed, how often, and what goes wrong beside."""

    channel: str
    store: str
    seed: int
    people: int = 1000
    kills: int = 5
    opt_outs: int = 20
    workers: int = 1
    #: Seconds between kills, least and most.
    pause_s: tuple[float, float] = (0.3, 1.5)


@dataclass
class Found:
    """What a run came to."""

    plan: Plan
    fault: str
    stage: str = ""
    kills: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    twice: int = 0
    strangers: int = 0
    late: int = 0
    held: int = 0
    held_for_nothing: int = 0
    unknown: int = 0
    sums: bool = False

    @property
    def is_clean(self) -> bool:
        """Say whether the promise was kept."""
        held_right = (
            self.held == self.unknown if self.plan.channel in ("custom", "notice") else True
        )
        if self.plan.channel == "template":
            held_right = self.held_for_nothing == 0
        wrong = self.lost + self.twice + self.strangers + self.late
        ended = self.stage == "finished" or self.plan.channel in _MASS
        return not wrong and held_right and self.sums and ended

    def line(self) -> str:
        """Return the run as one line of JSON."""
        plan = self.plan
        return json.dumps(
            {
                "channel": plan.channel, "store": plan.store, "seed": plan.seed,
                "fault": self.fault, "kills": self.kills, "s": round(self.seconds, 1),
                "stage": self.stage, "states": self.states, "lost": self.lost,
                "twice": self.twice, "strangers": self.strangers, "late": self.late,
                "held": self.held, "unknown": self.unknown, "clean": self.is_clean,
            }
        )  # fmt: skip


async def run(plan: Plan, url: str, folder: Path) -> Found:
    """Play one run on an empty database."""
    rng = random.Random(plan.seed)
    fault = (
        "limits" if plan.seed % SELDOM == 0 else rng.choice([f for f in FAULTS if f != "limits"])
    )
    started = time.monotonic()
    found = Found(plan, fault)
    async with _city(plan, url, folder) as city:
        number = await city.place()
        city.platform.faults.api.extend(_copies(fault, plan.channel))
        await city.storm(rng, number, found, kills_tokens=fault == "token")
        await city.judge(number, found)
    found.seconds = time.monotonic() - started
    return found


@dataclass
class _City:
    plan: Plan
    platform: object
    db: Database
    settings: dict
    folder: Path
    openids: list[str]
    opted_out: dict[str, float] = field(default_factory=dict)
    alive: list = field(default_factory=list)

    async def place(self) -> int:
        now, channel = SystemClock().now(), self.plan.channel.replace("tag", "mass")
        async with self.db.write() as tx:
            return await order.place(
                tx,
                Order(
                    account=world.ACCOUNT, kind="campaign", about="campaign:1",
                    texts=(Content(pull=sending.PULL, **{channel: _TEXTS[channel]}),),
                    audience={"areas": [""]}, not_before=now, consent="events", is_urgent=True,
                    not_after=now + timedelta(minutes=30), expected=self.plan.people,
                ),
                now,
            )  # fmt: skip

    async def storm(self, rng, number, found, *, kills_tokens):
        """Kill and start again; let parents opt out meanwhile; in the end let it finish."""
        await asyncio.gather(*(self.start(n) for n in range(self.plan.workers)))
        leaving = asyncio.create_task(self.opt_outs(rng))
        while found.kills < self.plan.kills and not await self.is_over(number):
            await asyncio.sleep(rng.uniform(*self.plan.pause_s))
            if self.plan.channel not in _MASS and not await self.has_begun():
                continue
            if kills_tokens:
                self.platform.tokens.kill_all(self.platform.clock.now())
            victim = rng.randrange(len(self.alive))
            self.alive[victim].kill()
            await self.alive[victim].wait()
            found.kills += 1
            self.alive[victim] = await self.spawn(victim)
        await leaving
        async with asyncio.timeout(240):
            while not await self.is_over(number):  # noqa: ASYNC110 - another process's work
                await asyncio.sleep(0.2)

    async def opt_outs(self, rng):
        for openid in rng.sample(self.openids, self.plan.opt_outs):
            await asyncio.sleep(rng.uniform(0.05, 0.3))
            async with self.db.write() as tx:
                await tx.execute(
                    text("UPDATE follower SET reminders_off_at = :t WHERE openid = :o"),
                    {"t": _stamp(self.db), "o": openid},
                )
            self.opted_out[openid] = self.platform.clock.now()

    async def has_begun(self):
        return bool(await self.rows("SELECT 1 AS x FROM delivery_attempt LIMIT 1"))

    async def is_over(self, number):
        async with self.db.read() as tx:
            stage = await tx.scalar(select(broadcasts.c.stage).where(broadcasts.c.id == number))
        if stage in OVER or stage == "paused":
            return True
        is_frozen = stage not in (Stage.FREEZING, Stage.WAITING)
        return self.plan.channel in _MASS and is_frozen and await self._all_queued(number)

    async def _all_queued(self, number):
        """Say whether all mass jobs are with the platform: no webhook runs here to hear the end."""
        rows = await self.rows(
            "SELECT count(*) AS n FROM broadcast_batch WHERE broadcast = :b AND is_done = :no",
            b=number, no=False,
        )  # fmt: skip
        return not rows[0]["n"] and bool(await self.rows("SELECT 1 AS x FROM delivery LIMIT 1"))

    async def judge(self, number, found):
        """Compare the platform's ledger with the frozen rows."""
        jobs = self.platform.account.mass_jobs.values()
        await until(lambda: not any(job.status == "SENDING" for job in jobs))
        got = Counter(row["openid"] for row in self.platform.ledger.rows(0, 10**9))
        rows = await self.rows("SELECT openid, state FROM delivery WHERE broadcast = :b", b=number)
        frozen = {row["openid"]: row["state"] for row in rows}
        (row,) = await self.rows("SELECT stage, frozen FROM broadcast WHERE id = :b", b=number)
        found.stage = row["stage"]
        found.states = dict(Counter(frozen.values()))
        found.sums = sum(found.states.values()) == row["frozen"] == len(self.openids)
        found.strangers = len(set(got) - set(frozen))
        found.twice = sum(1 for many in got.values() if many > 1)
        found.lost = sum(1 for openid, state in frozen.items() if _is_wrong(state, got[openid]))
        found.held = found.states.get("held", 0)
        found.held_for_nothing = sum(
            state == "held" and openid not in self.opted_out for openid, state in frozen.items()
        )
        found.unknown = await self.unknown(number)
        for row in self.platform.ledger.rows(0, 10**9):
            left_at = self.opted_out.get(row["openid"])
            found.late += left_at is not None and row["at"] > left_at + LATE_S

    async def unknown(self, number):
        """Count the rows whose last attempt has no outcome, or an unknown one."""
        rows = await self.rows(
            "SELECT d.n FROM delivery d JOIN delivery_attempt a ON a.broadcast = d.broadcast"
            " AND a.n = d.n AND a.try = d.tries WHERE d.broadcast = :b"
            " AND a.outcome IN ('', 'unknown')", b=number,
        )  # fmt: skip
        return len(rows)

    async def rows(self, sql, **values):
        async with self.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()

    async def start(self, n):
        self.alive.append(await self.spawn(n))

    async def spawn(self, n):
        with (self.folder / f"worker{n}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                BOT, "work", env=environment(self.folder / f"data{n}", **self.settings),
                cwd=ROOT, stderr=log, stdout=log,
            )  # fmt: skip


@asynccontextmanager
async def _city(plan, url, folder):
    given = world.settings(folder, url)
    await world.prepare(given)
    async with AsyncExitStack() as stack:
        pretend = world.pretended(
            latency_ms=(20, 80), job_event_delay_s=0.2, seed=plan.seed, mass_speed_scale=0.0
        )
        platform, address = await stack.enter_async_context(pretend)
        accepted = {NOTICE: 1} if plan.channel == "notice" else None
        wanted = crowd.Wanted(plan.people, accepted=accepted, wrote_ago_s=1.0)
        openids = [phone.openid for phone in crowd.make(platform, wanted)]
        db = Database(given.url)
        stack.push_async_callback(db.dispose)
        async with db.write() as tx:
            await sending.add_people(tx, openids, SystemClock().now())
            if accepted:
                await tx.execute(insert(acceptances), [_accepted(openid) for openid in openids])
        for n in range(plan.workers):
            (folder / f"data{n}").mkdir(parents=True, exist_ok=True)
        settings = process.account(
            url,
            wechat_api=address,
            privacy_key="k" * 32,
            log_level="info",
            **_template(),
            **({"mass_lists": "0"} if plan.channel == "tag" else {}),
        )
        city = _City(plan, platform, db, settings, folder, openids)
        try:
            yield city
        finally:
            for worker in city.alive:
                if worker.returncode is None:
                    worker.kill()
            await asyncio.gather(*(worker.wait() for worker in city.alive))


def _accepted(openid):
    return {
        "account": world.ACCOUNT, "openid": openid, "template_id": NOTICE, "left": 1,
        "is_long": False, "changed_at": SystemClock().now(),
    }  # fmt: skip


def _is_wrong(state, many):
    """Say whether the ledger tells another story of a parent than the platform."""
    if state in ("planned", "claimed"):
        return True
    return not many if state in ("sent", "queued") else bool(many) and state != "held"


def _template():
    """Return the setting that lets template messages be used, once there is one."""
    return {"template_messages": "true"} if "template_messages" in Settings.model_fields else {}


def _copies(fault, channel):
    """Return fresh faults; the limit of a minute is met by sends alone, not by the token call."""
    made = [Fault(**one.__dict__) for one in FAULTS[fault]]
    for one in made:
        if one.code == TOO_FAST and one.kind == "error":
            one.path, one.times = _PATHS[channel], 1 if channel in ("mass", "tag") else 20
    return made


def _stamp(db):
    now = SystemClock().now()
    return now.replace(tzinfo=None).isoformat(" ") if db.is_sqlite else now


def folder():
    """Return a fresh folder for a run."""
    return Path(tempfile.mkdtemp(prefix="crash-"))
