"""A3, A4, A5 with browsers: an answer is written, tried, published, taken back; a file comes in."""

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot import app
from bot.clock import SystemClock
from bot.curation import adopting
from bot.curation.exchange import columns, sheets
from bot.org import tree
from bot.people import sessions, staff
from bot.people.actor import Actor, Grant
from bot.people.tables import grants
from tests.bot.curation.conftest import SLOW, Newsroom, pencils
from tests.e2e.test_inbox import fits
from tests.support import world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.office import hashed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}
OTHER, ASKED = "study.reading.choose-books", "孩子写作业总是拖拉怎么办"
WHY = "今晚的讲座马上要用这个回答"


@dataclass
class Desk:
    """The city with its console, and two colleagues behind it."""

    city: object
    room: Newsroom
    people: dict

    def answer(self, text):
        """Return what a parent reads, without the answer's own code."""
        return re.sub(r"答案编号 \w+", "", text)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=free_port())
    async with world.City.open(given) as city, app.opened(city.settings) as rt:
        async with rt.db.write() as tx:
            await tree.seed(tx, rt.clock.now())
            await adopting.settle(rt, tx)
        room = Newsroom(SimpleNamespace(rt=rt, clock=rt.clock))
        people = {
            "founder": await colleague(city, "founder", "admin"),
            "chen": await colleague(city, "chen", "editor"),
            "huang": await colleague(city, "huang", "editor", "reviewer"),
        }
        yield Desk(city, room, people)


async def colleague(city, login, *held):
    """Open an account with grants that count; returns who it is and the session's key."""
    now = SystemClock().now()
    async with city.db.write() as tx:
        made = await staff.create(tx, login=login, name=f"{login}老师", password=hashed(), now=now)
        for role in held:
            given = await staff.propose(tx, made, Grant(role, ""), by=made, now=now)
            row = update(grants).where(grants.c.id == given)
            await tx.execute(row.values(approved_by=made, approved_at=now))
        key = await sessions.start(tx, made, full=True, agent="e2e", now=now)
    return Actor(made, login, f"{login}老师", tuple(Grant(role, "") for role in held)), key


@asynccontextmanager
async def seat(opened, desk, login, size):
    """Open a colleague's browser: no error of the console, and not one request to elsewhere."""
    origin = f"http://127.0.0.1:{desk.city.settings.console_port}"
    width, height = SIZES[size]
    context = await opened.new_context(viewport={"width": width, "height": height})
    await context.add_cookies([{"name": "console", "value": desk.people[login][1], "url": origin}])
    page = await context.new_page()
    faults, hosts = [], set()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc or urlsplit(r.url).scheme))
    page.origin = f"{origin}/console"
    yield page
    await context.close()
    assert faults == []
    assert hosts <= {urlsplit(origin).netloc, "data"}


async def submits(page, name, text):
    """Write another answer and send it to review; the preview follows what is typed."""
    await page.goto(f"{page.origin}/entries/{name}")
    await page.locator("#preview .phone").wait_for()
    await page.fill("#f-answer", text)
    await page.locator(f"#preview .bubble-account >> text={text[:12]}").wait_for()
    await fits(page)
    await page.click("button:has-text('保存并提交审核')")
    await page.locator("text=已保存并提交审核").wait_for()


async def approves(page, name):
    await page.goto(f"{page.origin}/entries/{name}")
    await page.click("button:has-text('通过')")
    await page.locator("text=审核通过，可以发布了").wait_for()
    await fits(page)


async def looks(page):
    """Let the gate look at everything that is approved."""
    await page.goto(f"{page.origin}/publish")
    await page.click("button:has-text('预检选中的')")
    await page.locator(".verdict").wait_for()
    await fits(page)


@pytest.mark.parametrize("size", SIZES)
async def test_a4_an_answer_of_another_entry_is_stopped_until_two_agree(browser, desk, size):
    wrong = (await desk.room.entry(OTHER)).answer
    async with (
        seat(browser, desk, "chen", size) as chen,
        seat(browser, desk, "huang", size) as huang,
    ):
        await submits(chen, SLOW, wrong)
        await approves(huang, SLOW)
        await looks(chen)
        await chen.locator("text=闸门拦下，不能直接发布").wait_for()
        assert await chen.locator("text=变差的考题").count() == 1
        assert await chen.locator("button:has-text('发布给家长')").count() == 0
        await chen.fill("#why", WHY)
        await chen.click("button:has-text('申请强制发布')")
        await chen.locator("text=等有“批准强制发布”权限的另一位同事处理").wait_for()
        await huang.goto(chen.url.partition("?")[0])
        await huang.locator(f"text={WHY}").wait_for()
        assert await huang.locator("text=变差的考题").count() == 1
        # the reviewer of the text is no author of it, so this second person may
        await huang.click("button:has-text('我是第二人，批准强制发布')")
        await huang.locator("text=已批准").first.wait_for()
        await chen.reload()
        await chen.click("button:has-text('发布给家长')")
        await chen.locator("text=从下一条消息起").wait_for()
    noted = await desk.city.rows("SELECT action, login, detail FROM audit ORDER BY number")
    told = [(r["action"], r["login"]) for r in noted if r["action"].startswith("publish.")]
    assert told == [("publish.gate", "chen"), ("publish.asked", "chen"),
                    ("publish.passed", "huang"), ("publish.done", "chen")]  # fmt: skip
    assert any(WHY in r["detail"] for r in noted if r["action"] == "publish.asked")


@pytest.mark.parametrize("size", SIZES)
async def test_a3_a_new_answer_reaches_parents_and_is_taken_back(browser, desk, size):
    rest = (await desk.room.entry(SLOW)).answer.partition("\n")[2]
    first, second = (f"{mark}，大人孩子都累坏了。\n{rest}" for mark in ("先前发布的", "刚刚改好的"))
    editor, judge = desk.people["chen"][0], desk.people["huang"][0]
    await desk.room.approved(editor, judge, SLOW, answer=first)
    before = await desk.room.publishes(judge, SLOW)
    parent = desk.city.parent()
    await parent.follows()
    then = desk.answer(await parent.says(ASKED))
    assert "先前发布的" in then
    async with (
        seat(browser, desk, "chen", size) as chen,
        seat(browser, desk, "huang", size) as huang,
    ):
        await submits(chen, SLOW, second)
        await approves(huang, SLOW)
        await looks(huang)
        await huang.click("button:has-text('发布给家长')")
        await huang.locator("text=从下一条消息起").wait_for()
        assert "刚刚改好的" in await parent.says(ASKED)
        await huang.goto(f"{huang.origin}/publications/{before}")
        await huang.click("button:has-text('回到这个时候')")
        await huang.locator(".verdict").wait_for()
        await huang.click("button:has-text('发布给家长')")
        await huang.locator("text=从下一条消息起").wait_for()
        await fits(huang)
    assert desk.answer(await parent.says(ASKED)) == then


@pytest.mark.parametrize("size", SIZES)
async def test_a5_a_file_with_faults_comes_in_as_drafts(browser, desk, size, tmp_path):
    file = tmp_path / "条目.xlsx"
    file.write_bytes(await sheet(desk))
    async with seat(browser, desk, "chen", size) as chen:
        await chen.goto(f"{chen.origin}/imports")
        await fits(chen)
        await chen.set_input_files("#f-file", str(file))
        await chen.click("button:has-text('试读')")
        await chen.locator("text=没有主题").wait_for()
        figures = await chen.locator(".stat-value").all_inner_texts()
        assert figures == ["2", "0", "1", "2"]
        await fits(chen)
        async with chen.expect_download() as started:
            await chen.click("text=下载错误表")
        mended = await (await started.value).path()
        assert mended.stat().st_size > 0
        await chen.click("button:has-text('作为草稿导入 2 条')")
        await chen.locator("text=已导入 2 个草稿").wait_for()
        await chen.goto(f"{chen.origin}/entries?state=draft")
        assert await chen.locator("tbody tr").count() == 2
        await fits(chen)
    states = await desk.city.rows("SELECT count(*) AS n FROM entry WHERE state = 'draft'")
    assert states[0]["n"] == 2


async def sheet(desk):
    """Return a workbook: two new entries, one as it is, two with faults."""
    old = await desk.room.entry(SLOW)
    new = [numbered(pencils(old), n) for n in range(4)]
    rows = [columns.row(e) for e in (*new, old)]
    rows[2]["topic"], rows[3]["summary"] = "没有的", ""
    heads = columns.columns()
    return sheets.xlsx_of(heads, ([row[c.field] for c in heads] for row in rows))


def numbered(like, n):
    similar = tuple(replace(a, text=f"{a.text}第{n}回") for a in like.similar)
    return replace(like, id=f"{like.topic}.row-{n}", question=f"第{n}回削铅笔", similar=similar)
