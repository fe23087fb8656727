"""An office on each database with the small base, its units, and parents who write to it."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot import app
from bot.library.tables import decisions
from bot.people.families import children
from bot.pinned import actions
from bot.pinned.actions import Wanted
from knowledge.entry import Asking, Entry, Source, Status
from tests.support import world
from tests.support.asking import Parents
from tests.support.desk import Desk
from tests.support.office import Office

PANYU, TIANHE = "gz/panyu", "gz/tianhe"
TOPIC = "study.reading"
WORDINGS = ("学校停课", "是不是要停课", "听说停课是真的吗")
ANSWER = "番禺区学校照常上课，没有停课安排。请以区教育局通告为准，不信谣、不传谣。"
RUMOUR = (
    "番禺是不是要停课", "听说番禺学校停课是真的吗", "番禺学校下周停课吗", "停课是真的吗",
    "群里说番禺停课，真的吗", "番禺的小学要停课了？",
)  # fmt: skip


def entry(area=PANYU, topic=TOPIC, wordings=WORDINGS, answer=ANSWER):
    day = date(2026, 11, 24)
    return Entry(
        id="", question=wordings[0], summary=wordings[0], topic=topic, ages=(), risk=0,
        status=Status.PUBLISHED, sources=(Source("番禺区教育局通告", None, "", day),),
        reviewed_on=day, review_due=day + timedelta(days=7), valid_until=None, owner="值班编辑",
        similar=tuple(Asking(w, "plain") for w in wordings[1:]), related=(), answer=answer,
        area=area,
    )  # fmt: skip


@dataclass
class Room:
    """Two colleagues who pin, and parents of two districts."""

    office: Office
    parents: Parents
    people: dict = field(default_factory=dict)

    @property
    def rt(self):
        return self.office.rt

    async def person(self, login, *held):
        if login not in self.people:
            self.people[login] = await self.office.staff(login, *(held or (("editor", "", ""),)))
        return await self.people[login].actor()

    async def does(self, action, who, *given):
        async with self.rt.db.write() as tx:
            return await action(self.rt, tx, who, *given)

    async def drafted(self, hours=24, surge=None, **changes):
        writer = await self.person("writer")
        return await self.does(actions.create, writer, Wanted(entry(**changes), hours, surge))

    async def pinned(self, **changes):
        """Return the number of a pinned answer that stands."""
        number = await self.drafted(**changes)
        await self.does(actions.approve, await self.person("second"), number, 1)
        return number

    async def in_class(self, who, path):
        async with self.rt.db.write() as tx:
            await tx.execute(
                insert(children).values(
                    account=world.ACCOUNT, openid=self.parents.openid(who), stage="primary",
                    unit=path, source="code", added_at=self.office.clock.now(),
                )
            )  # fmt: skip

    async def decisions(self):
        return await self.office.rows("SELECT * FROM decision ORDER BY id")

    async def asked(self, times, area=PANYU, words=RUMOUR, ago=timedelta(minutes=5), people=None):
        """Keep questions as if so many parents of a district had asked."""
        at, base = self.office.clock.now() - ago, "v"
        rows = [
            {
                "code": f"C{n:07}", "at": at, "asker": f"{n % (people or times):012x}",
                "text": words[n % len(words)], "intent": "ask_question", "band": "decline",
                "rule": "match", "base_version": base, "probability": 0.1, "hits": json.dumps([]),
                "area": area, "stage": "", "topic": TOPIC,
            }
            for n in range(times)
        ]  # fmt: skip
        async with self.rt.db.write() as tx:
            await tx.execute(insert(decisions), rows)

    def replica(self):
        """Open a second service on the same database."""
        return app.opened(self.rt.settings, clock=self.office.clock)

    def desk(self, rt):
        return Desk(rt, app.engine(), self.office.clock, self.parents.numbers)


@pytest.fixture
async def room(settings):
    async with Office.open(settings, base=True) as office:
        await office.units()
        yield Room(office, Parents(office))
