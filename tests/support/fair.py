"""A publicity week that parents visit: pages, chat, a frozen plan, and the staff behind it."""

from __future__ import annotations

import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from bot import app
from bot.clock import GUANGZHOU
from bot.h5 import privacy
from bot.org import tree
from bot.people.actor import Actor, Grant
from bot.week import moderating, planning, plans, talks
from tests.support.handset import HIDDEN, logged_in
from tests.support.parents import House

CHEN = Actor(1001, "chen", "陈老师", (Grant("operator", ""),))
HUANG = Actor(1002, "huang", "黄老师", (Grant("operator", ""),))
STORY = {"title": "外婆的缝纫机", "story": "1978 年买的，我们的衣服都是它做的。", "as": "name",
         "name": "阿珍妈妈"}  # fmt: skip


@dataclass
class Fair:
    """The house in the spring of 2027, and a runtime beside it for what the staff does."""

    house: House
    rt: object

    @classmethod
    @asynccontextmanager
    async def open(cls, given, at="2027-05-10 10:00"):
        async with House.open(given) as house:
            settings = house.city.settings
            async with app.opened(settings, clock=house.clock) as rt:
                async with rt.db.write() as tx:
                    await tree.seed(tx, rt.clock.now())
                fair = cls(house, rt)
                fair.at(at)
                yield fair

    def at(self, text):
        """Turn all clocks to a moment in Guangzhou."""
        moment = datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)
        by = moment - self.house.clock.now()
        self.house.wait(seconds=by / timedelta(seconds=1))

    async def plan(self, *, freeze=True, area="gz", year=2027):
        async with self.rt.db.write() as tx:
            number = await planning.begin(self.rt, tx, CHEN, year, area)
        if freeze:
            async with self.rt.db.write() as tx:
                plan = await plans.one(tx, CHEN, number)
                await planning.freeze(self.rt, tx, CHEN, plan, revision=1)
        return number

    async def talk(self, at="2027-05-12 19:30", **more):
        starts_at = datetime.fromisoformat(at).replace(tzinfo=GUANGZHOU)
        values = {
            "title": "怎么说孩子才听", "speaker": "李老师", "platform": "视频号",
            "url": "https://live.example.cn/1", "replay_url": "", "area": "gz", "minutes": 45,
            "starts_at": starts_at, "year": starts_at.year,
        } | more  # fmt: skip
        async with self.rt.db.write() as tx:
            await talks.put(self.rt, tx, CHEN, values, None, 1)
        (row,) = await self.rows("SELECT max(id) AS id FROM live_talk")
        return row["id"]

    async def phone(self, name="mother", *words, known=True):
        """Return the phone of a parent who follows, has agreed and has logged in."""
        parent = await self.house.parent(*words, name=name)
        if known:
            await self.house.known(parent)
        return parent, await logged_in(self.house, parent)

    async def send(self, phone, *pictures, token=None, **fields):
        """Send a story with pictures, as the form does."""
        if token is None:
            token = HIDDEN.search((await phone.get("/h/week/story/new")).text)[1]
        form = aiohttp.FormData(default_to_multipart=True)
        given = STORY | {"agree": privacy.version()} | fields
        for name, value in (given | {"token": token}).items():
            form.add_field(name, value)
        for n, content in enumerate(pictures):
            form.add_field(
                "photos", io.BytesIO(content), filename=f"IMG_{n}.jpg", content_type="image/jpeg"
            )
        return await phone.send("POST", "/h/week/story/new", data=form)

    async def post(self, title=STORY["title"]):
        (row,) = await self.rows("SELECT * FROM wall_post WHERE title = :t", t=title)
        return row

    async def publish(self, *by, title=STORY["title"]):
        """Let these colleagues look at a story in turn."""
        number = (await self.post(title))["id"]
        for actor in by:
            async with self.rt.db.write() as tx:
                await moderating.approve(self.rt, tx, actor, number)

    async def rows(self, sql, **values):
        return await self.house.rows(sql, **values)

    @property
    def files(self):
        return sorted(p.name for p in (self.rt.settings.data / "wall").glob("*"))
