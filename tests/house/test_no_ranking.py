"""No page, fragment or file tells of a parent, measures a class, shows a cell below ten, or ranks.

Every route of the console is opened by somebody who may do everything: before a class of nine asks,
after it has asked, and after the districts have changed places (MISSION, first no. 8).
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete

from bot import app
from bot.analytics import funnel_job, jobs
from bot.analytics.tables import funnel
from bot.people import roles
from bot.wechat import events
from tests.support import world
from tests.support.desk import Desk
from tests.support.figures import fill, many, noon
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, YUEXIU, Office

ROOT = Path(__file__).parents[2]
NINE = [f"oClass_{n}_00000000000000000" for n in range(9)]
#: Names and paths of the class and of what lies between it and its district.
BELOW = ("3班", "示范一小", "东山一小", SCHOOL, OTHER_SCHOOL)
DISTRICTS = (
    "越秀区",
    "海珠区",
    "荔湾区",
    "天河区",
    "白云区",
    "黄埔区",
    "番禺区",
    "花都区",
    "南沙区",
    "从化区",
    "增城区",
)
RANKING = re.compile(
    "排名|排行|名次|倒数|垫底|末位|榜首|榜单|红黑榜|先进班级|落后班级|最差|未学名单|未关注名单"
)
#: What parents are promised may name what never happens.
PROMISE = "不会：打分、排名"
_ADDRESS = re.compile(r' data-live-refresh="[^"]*"')
#: What a part of a path stands for, where anything real is needed.
PARTS = {"entry": "media.game.addiction", "person": "1", "unit": CLASS}
ASKED = (
    {},
    {"path": CLASS, "unit": CLASS, "area": CLASS},
    {"q": "3"},
    {"days": "90"},
    {"district": TIANHE},
)


@dataclass(frozen=True)
class Shown:
    """One answer of the console: where, how asked, and its words; files are read into rows."""

    path: str
    how: str
    text: str
    rows: tuple = ()

    @property
    def lines(self):
        # a live page says its own address again, with what was asked
        return [_ADDRESS.sub("", line) for line in self.text.splitlines()]


@pytest.fixture
async def house(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given, base=True) as office:
        await office.units()
        at = noon(office.clock.now(), 1)
        for area, count in ((TIANHE, 120), (YUEXIU, 60), ("gz/conghua", 4), ("", 200)):
            await fill(office.rt, *many(count, at, area=area, feedback=1, stage="p_low"))
        await jobs.count_days(office.rt)
        await counted(office)
        yield office


async def everybody(office):
    """Return somebody who may do everything everywhere."""
    return await office.staff("everybody", *((role, "", "") for role in roles.load().roles))


async def class_asks(office):
    """Nine parents of one class follow by its code and ask."""
    desk = Desk(office.rt, app.engine(), office.clock)
    for who in NINE:
        await desk.gets(desk.event(events.Subscribe, f"unit:{CLASS}", "ticket", who=who))
        for words in ("孩子沉迷游戏怎么办", "没用", "股票跌了怎么办", "找老师", "不想活了"):
            await desk.says(words, who=who)
    await counted(office)


async def counted(office):
    """Count the funnel anew."""
    async with office.rt.db.write() as tx:
        await tx.execute(delete(funnel))
    await funnel_job.count_funnel(office.rt)


async def opened(office, browser, *, below="", asked=ASKED):
    """Return everything the console shows, below a path, to somebody who may do everything."""
    found = []
    pages = [page for page in app.site(office.rt).pages if page.path.startswith(below)]
    for page, query in product(pages, asked):
        path = re.sub(r"{(\w+)[^}]*}", lambda part: PARTS.get(part[1], "1"), page.path)
        if page.method == "GET" and page.path != "/logout":
            # a fragment is a part of the page: it is asked for once, without a question
            for headers in ({}, {"HX-Request": "true"})[: 1 if query else 2]:
                answer = await browser.get(path, _headers=headers, **query)
                found.append(Shown(path, f"GET {query} {headers}", body(answer), rows(answer)))
        elif "export" in path:
            for kind in ("csv", "xlsx"):
                answer = await browser.post(path, format=kind, **query)
                found.append(Shown(path, f"POST {query} {kind}", body(answer), rows(answer)))
    return found


def rows(answer):
    """Return the rows of a file, or of a page's tables."""
    kind = answer.headers.get("Content-Type", "")
    if "sheet" in kind:
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.body))
        return tuple(r for n in book.sheet_names for r in book.get_sheet_by_name(n).to_python())
    if "csv" in kind:
        return tuple(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", r, re.DOTALL) for r in answer.text.split("<tr")]
    return tuple(cells) + tuple([v] for v in re.findall(r'stat-value">([^<]*)<', answer.text))


def body(answer):
    if "sheet" in answer.headers.get("Content-Type", ""):
        return "\n".join("\t".join(map(str, row)) for row in rows(answer))
    return answer.text


def order(shown, names):
    """Return the names in the order they are met in, each once."""
    found = sorted((shown.text.find(name), name) for name in names if name in shown.text)
    return [name for _, name in found]


async def test_what_nine_parents_of_a_class_did_is_seen_nowhere(house):
    browser = await everybody(house)
    before = {(s.path, s.how): s for s in await opened(house, browser)}
    await class_asks(house)
    after = await opened(house, browser)
    hidden = [*NINE, *(house.rt.pseudonyms.name(who) for who in NINE)]
    measured = []
    for shown in after:
        assert not [who for who in hidden if who in shown.text], f"{shown.path} names a parent"
        for name in BELOW:
            was = [x for x in before[shown.path, shown.how].lines if name in x]
            if [x for x in shown.lines if name in x] != was:
                measured.append((shown.path, shown.how, name))
    assert measured == []
    assert sum("示范一小" in s.text for s in after) > 0, (
        "no page shows a school: nothing was tested"
    )


async def test_no_figure_below_ten_is_shown(house):
    await class_asks(house)
    units = tuple({"unit": path} for path in ("gz", TIANHE, f"{TIANHE}/shifan", SCHOOL))
    browser = await everybody(house)
    found = await opened(house, browser, below="/dashboard", asked=(*ASKED, *units))
    seen = 0
    for shown in found:
        for row in shown.rows:
            for cell in row:
                text = str(cell).strip().replace(",", "").removesuffix(".0")
                if re.fullmatch(r"\d+", text):
                    seen += 1
                    assert int(text) == 0 or int(text) >= 10, (shown.path, shown.how, row)
        for option in re.findall(r'application/json"[^>]*>(.*?)</script>', shown.text, re.DOTALL):
            if "%" not in option:
                data = [v for s in json.loads(option)["series"] for v in s["data"]]
                assert all(v is None or v == 0 or v >= 10 for v in data), (shown.path, shown.how)
    assert seen > 100


async def test_no_list_of_units_is_in_the_order_of_a_figure(house):
    browser = await everybody(house)
    asked = ({}, {"days": "90"})
    seen = await opened(house, browser, asked=asked)
    before = {(s.path, s.how): order(s, DISTRICTS) for s in seen}
    at = noon(house.clock.now(), 0)
    await fill(house.rt, *many(400, at, area=YUEXIU), *many(300, at, area="gz/conghua"))
    await counted(house)
    seen = await opened(house, browser, asked=asked)
    after = {(s.path, s.how): order(s, DISTRICTS) for s in seen}
    assert [at for at, names in after.items() if names != before[at]] == []
    assert any(len(names) == len(DISTRICTS) for names in before.values())


@pytest.mark.parametrize("kind", ["html", "yaml", "js"])
def test_no_template_speaks_of_ranks(kind):
    files = [p for p in (ROOT / "bot").rglob(f"*.{kind}") if "sandbox" not in p.parts]
    # the words that a message to parents is refused for
    read = [p for p in files if "vendor" not in p.parts and p.name != "lint.yaml"]
    assert read
    texts = [(p.name, p.read_text(encoding="utf-8").replace(PROMISE, "")) for p in read]
    found = [(name, m[0]) for name, text in texts for m in RANKING.finditer(text)]
    assert found == []


def test_a_word_of_ranks_would_be_found():
    assert RANKING.search("各班完成率排名")
