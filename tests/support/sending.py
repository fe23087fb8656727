"""Parents in the database and on the pretend platform; orders that are sent without a worker."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import insert, text

from bot import app
from bot.clock import HandClock
from bot.delivery import course, freeze, order, sender
from bot.delivery.order import Content, Order
from bot.people.families import consents, guardians
from bot.people.followers import followers
from bot.people.reach import reach
from tests.support import world

#: Half past eight in the morning of a Monday in Guangzhou.
MORNING = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
PULL = {"title": "家长课堂", "text": "本周六上午有一节现场课。"}
TEXT = Content(pull=PULL, custom={"text": "本周六上午有一节现场课。"})


@dataclass
class Office:
    """A runtime that can send, the platform it sends to, and a clock."""

    rt: object
    platform: object
    clock: HandClock

    async def people(self, count, *, consent="events", window=True):
        """Add parents that follow, with an open window on the platform."""
        now = self.rt.clock.now()
        phones = [self.platform.add_phone(f"p{n}") for n in range(count)]
        for phone in phones:
            phone.is_following = True
            if window:
                phone.window.open(50, 172_800, now.timestamp())
        openids = [phone.openid for phone in phones]
        async with self.rt.db.write() as tx:
            await add_people(tx, openids, now, consent, window=window)
        return openids

    async def order(self, about="campaign:1", **changes):
        """Place an order to everybody."""
        now = self.rt.clock.now()
        given = {
            "account": world.ACCOUNT,
            "kind": "campaign",
            "about": about,
            "texts": (TEXT,),
            "audience": {"areas": [""]},
            "not_before": now,
            "not_after": now + timedelta(hours=2),
            "consent": "events",
        }
        async with self.rt.db.write() as tx:
            return await order.place(tx, Order(**(given | changes)), now)

    async def start(self, number):
        """Freeze, and let it run."""
        frozen = await freeze.freeze(self.rt, number)
        await self.look()
        return frozen

    async def look(self):
        return await self.rt.db.transact(partial(course.look, self.rt))

    async def send(self, number, owner="w1"):
        """Send every batch that is ready, until none is."""
        rests = []
        while True:
            async with self.rt.db.read() as tx:
                one = await tx.run_sync(partial(self._ready, number=number))
            if not one:
                await self.look()
                return rests
            rests.append(await sender.send_batch(self.rt, number, one[0], owner))

    def _ready(self, tx, number):
        found = order.load(tx, number)
        return course.ready(tx, found, self.rt.clock.now()) if found.stage == "running" else []

    async def rows(self, sql, **values):
        async with self.rt.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()

    async def change(self, sql, **values):
        async with self.rt.db.write() as tx:
            await tx.execute(text(sql), values)

    async def states(self, number):
        found = await self.rows(
            "SELECT state, count(*) AS n FROM delivery WHERE broadcast = :b GROUP BY state",
            b=number,
        )
        return {row["state"]: row["n"] for row in found}

    async def stage(self, number):
        (row,) = await self.rows("SELECT stage FROM broadcast WHERE id = :b", b=number)
        return row["stage"]

    def shown(self):
        """Return how often each phone was shown something by the account's own wish."""
        return {p.openid: len(p.log) for p in self.platform.phones.values() if p.log}


async def add_people(tx, openids, now, consent="events", *, window=True):
    """Add followers who agreed to the service and to a kind of message; a window as it is kept."""
    mine = [{"account": world.ACCOUNT, "openid": openid} for openid in openids]
    await tx.execute(insert(followers), [m | {"follows": True, "changed_s": 1} for m in mine])
    guardian = {"role": "mother", "is_elder": False, "added_at": now, "changed_at": now}
    await tx.execute(insert(guardians), [m | guardian for m in mine])
    if window:
        until = now + timedelta(days=2)
        kept = {"last_at": now, "window_until": until, "window_left": 50}
        await tx.execute(insert(reach), [m | kept for m in mine])
    if consent:
        given = {"kind": consent, "version": "1", "is_given": True, "at": now}
        await tx.execute(insert(consents), [m | given for m in mine])


@asynccontextmanager
async def opened(settings, **sandbox):
    """Open a runtime against the pretend platform, at a fixed morning."""
    await world.prepare(settings)
    clock = HandClock(MORNING)
    async with (
        world.pretended(**sandbox) as (platform, address),
        beside(settings, platform, address, clock) as office,
    ):
        yield office


@asynccontextmanager
async def beside(settings, platform, address, clock):
    """Open a runtime against a platform that is there already; a second one can follow."""
    platform.clock.freeze(clock.now().timestamp())
    given = settings.model_copy(update={"wechat_api": address})
    async with app.opened(given, clock=clock) as rt, app.reachable(rt):
        yield Office(rt, platform, clock)
