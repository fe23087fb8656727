"""An editorial office: the small base as working copies; colleagues write, judge and publish."""

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot import app
from bot.curation import actions, adopting, gating, publishing, queries
from bot.curation.actions import Change
from bot.people.actor import Actor, Grant
from knowledge.entry import Asking
from tests.support import world
from tests.support.asking import Parents
from tests.support.desk import Desk
from tests.support.office import Office

SLOW = "study.procrastinate.slow-homework"
EDITOR, REVIEWER = ("editor", "", ""), ("reviewer", "", "")
EVERYBODY = Actor(0, "", "", (Grant(*EDITOR),))


PENCILS = "study.procrastinate.pencils"
_ANSWER = """削铅笔的事不大，天天碰上也够烦的。
笔芯断，多半是摔过或削得太尖；笔头攒一堆，是没有固定的地方放。
1. 今晚一起换一把新的卷笔刀，选好一点的木杆笔，让孩子自己试：「你看哪一支不容易断？」
2. 文具盒里只放三支削好的笔、一块橡皮、一把尺子，多的收进抽屉。
3. 每天收书包时花一分钟看一眼文具盒，断了的当天换掉。
笔头超过两厘米还能用，就套上笔套，用完再换新的。
不要因为断了笔就骂孩子马虎，也不要每次都替孩子削好。若同学总来拿走文具，再去和班主任说。"""
_STORY = (
    "儿子二年级，铅笔盒里十几支铅笔头，每支都断了芯。卷笔刀换了三个，还是一削就断，"
    "橡皮也总找不到，我每天晚上要重新给他收一遍文具盒，收好第二天又乱。"
)
_ASKINGS = (
    ("keyword", "铅笔 笔头 文具盒"),
    ("plain", "铅笔总是削断，一天削十几根"),
    ("plain", "卷笔刀一削铅芯就断怎么办"),
    ("plain", "文具盒里塞满短铅笔头要不要扔"),
    ("story", _STORY),
    ("yue", "枝铅笔成日批親就斷芯，筆盒入面全部係筆頭"),
    ("typo", "铅笔老式削断，文具合里都是笔投"),
    ("voice", "那个铅笔啊就是一削就断一削就断那个盒子里面都是那种很短的笔头"),
)  # fmt: skip


def pencils(like):
    """Return an entry about what no other entry speaks of, with the rest of another one."""
    similar = tuple(Asking(text, style) for style, text in _ASKINGS)
    return replace(
        like, id=PENCILS, question="孩子的铅笔老是削断怎么办？", summary="铅笔和文具盒",
        similar=similar, answer=_ANSWER, related=(),
    )  # fmt: skip


@dataclass
class Newsroom:
    """The office with what its colleagues do to entries; each step is a transaction of its own."""

    office: Office
    #: Of the messages: the same number twice would be the same message.
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def rt(self):
        return self.office.rt

    async def person(self, login, *held):
        """Return a new colleague as the actions know one; an editor unless said."""
        return await (await self.office.staff(login, *(held or (EDITOR,)))).actor()

    async def row(self, name):
        async with self.rt.db.read() as tx:
            return await queries.row(tx, EVERYBODY, name)

    async def entry(self, name):
        return (await self.row(name)).entry

    async def does(self, action, *given, **named):
        async with self.rt.db.write() as tx:
            return await action(self.rt, tx, *given, **named)

    async def writes(self, who, name, **changes):
        """Save a change as a draft."""
        row = await self.row(name)
        change = Change(on=row.revision)
        return await self.does(actions.save, who, replace(row.entry, **changes), change)

    async def approved(self, who, by, name, **changes):
        """Bring a change through the review."""
        await self.writes(who, name, **changes)
        await self.does(actions.submit, who, name, "")
        await self.does(actions.approve, by, name, "")

    async def tries(self, who, *names):
        """Let the gate look at what is approved; returns its run."""
        async with self.rt.db.read() as tx:
            wanted = await gating.approved(tx, who, list(names))
        return await gating.try_out(self.rt, who, wanted)

    async def run(self, number):
        async with self.rt.db.read() as tx:
            return await gating.gate_run(tx, number)

    async def publishes(self, who, *names, note=""):
        """Publish what is approved; the gate must let it pass. Returns the publication."""
        return await publishing.release(self.rt, who, await self.tries(who, *names), note=note)

    async def goes_back(self, who, publication):
        """Give parents what they had after a publication, whatever the gate says."""
        async with self.rt.db.read() as tx:
            wanted = await publishing.back_to(tx, publication)
        number = await gating.try_out(self.rt, who, wanted, kind="rollback")
        if (await self.run(number)).blocked:
            other = await self.person("second", EDITOR, REVIEWER)
            await self.does(gating.ask_to_pass, who, number, "家长都在等着原来的那个回答")
            await self.does(gating.let_pass, other, number)
        return await publishing.release(self.rt, who, number, note="")

    async def public(self):
        """Return what parents get, byte for byte."""
        rows = await self.office.rows("SELECT entry, content FROM published_entry ORDER BY entry")
        return {r["entry"]: r["content"] for r in rows}

    def parent(self):
        """Return a desk at which parents write to this very service."""
        return Desk(self.rt, app.engine(), self.office.clock, self.numbers)

    @asynccontextmanager
    async def replica(self):
        """Open a second service on the same database, and its desk."""
        async with app.opened(self.rt.settings, clock=self.office.clock) as rt:
            yield Desk(rt, app.engine(), self.office.clock, self.numbers)


async def opened(office):
    """Adopt the published base; the gate asks only what the small base has entries for."""
    async with office.rt.db.write() as tx:
        await adopting.settle(office.rt, tx)
    await office.change("UPDATE golden_question SET active = :off WHERE topic = ''", off=False)
    return Newsroom(office)


@pytest.fixture
async def room(sqlite_settings):
    """An editorial office on SQLite."""
    async with Office.open(sqlite_settings, base=True) as office:
        yield await opened(office)


@pytest.fixture
async def each_room(settings):
    """The same on both databases."""
    async with Office.open(settings, base=True) as office:
        yield await opened(office)


@pytest.fixture
def answer():
    """The answer about slow homework with another first line: a mark to find it by."""
    kept = next(e for e in world.small_base() if e.id == SLOW).answer.partition("\n")[2]
    return lambda mark: f"{mark}，大人孩子都累坏了。\n{kept}"


async def _adopted(office):
    await office.units()
    async with office.rt.db.write() as tx:
        await adopting.adopt(office.rt, tx)
    return office


@pytest.fixture
async def desk_office(sqlite_settings):
    """On SQLite."""
    async with Office.open(sqlite_settings, base=True) as opened:
        yield await _adopted(opened)


@pytest.fixture
async def each_desk_office(settings):
    """The same on both databases."""
    async with Office.open(settings, base=True) as opened:
        yield await _adopted(opened)


@pytest.fixture
async def parents(desk_office):
    return Parents(desk_office)


@pytest.fixture
async def each_parents(each_desk_office):
    return Parents(each_desk_office)
