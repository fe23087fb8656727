"""Campaigns for tests: colleagues of Tianhe, parents of a school, drafts in one line."""

import itertools

from bot.campaigns import actions, judging, queries, reviewing
from bot.campaigns.draft import Draft, Words
from bot.people.audience import Audience
from bot.people.audience_shape import common
from tests.support import families
from tests.support.families import Family, Kid
from tests.support.office import CLASS, SCHOOL, TIANHE

_forms = itertools.count(1)
WORDS = Words(title="家庭教育公开课", text="本周六上午有一节公开课，欢迎来听。", target="/h/past")


def form():
    return f"{next(_forms):024x}"


async def parents(office, count=12, *, unit=CLASS, prefix="oParent", wants=("events",)):
    """Add parents of third-graders of a class, who agreed to hear of events."""
    kid = (Kid("primary", 2024, unit),)
    people = [
        Family(f"{prefix}_{n:04d}_00000000000", kid, wants=wants, wrote=0) for n in range(count)
    ]
    await families.write(office.rt.db, people, office.clock.now())
    return [one.openid for one in people]


def draft(*areas, words=WORDS, **changes):
    areas = areas or (TIANHE,)
    given = {"name": "公开课", "words": words, "audience": Audience(areas=areas),
             "area": common(areas), "purpose": "events"}  # fmt: skip
    return Draft(**(given | changes))


class Team:
    """Colleagues by name, who do things with campaigns straight in the database."""

    def __init__(self, office):
        self.office = office
        self.actors = {}
        self.browsers = {}

    async def join(self, name, role="operator", area=TIANHE):
        browser = await self.office.staff(name, (role, area, ""))
        self.browsers[name], self.actors[name] = browser, await browser.actor()
        return browser

    async def do(self, work, name, *given, **named):
        async with self.office.rt.db.write() as tx:
            return await work(self.office.rt, tx, self.actors[name], *given, **named)

    async def create(self, name, made=None, *, number=None):
        return await self.do(actions.create, name, made or draft(), number or form())

    async def one(self, name, number):
        async with self.office.rt.db.read() as tx:
            return await queries.one(tx, self.actors[name], number)

    async def findings(self, name, number):
        async with self.office.rt.db.read() as tx:
            campaign = await queries.one(tx, self.actors[name], number)
            return await judging.findings(self.office.rt, tx, campaign)

    async def submit(self, name, number, reviewer, reason="没有试发手机，先这样"):
        found = await self.findings(name, number)
        who = self.actors[reviewer].id
        await self.do(reviewing.submit, name, number, who, reason, found)

    async def approve(self, name, number, *, count=12, digest=None):
        found = await self.findings(name, number)
        if digest is None:
            digest = (await self.one(name, number)).submitted
        asked = reviewing.Asked(digest, count)
        await self.do(reviewing.approve, name, number, asked, found)

    async def change(self, name, number, made, revision=None):
        if revision is None:
            revision = (await self.one(name, number)).revision
        await self.do(actions.change, name, number, made, revision)


__all__ = ["CLASS", "SCHOOL", "TIANHE", "WORDS", "Team", "draft", "form", "parents"]
