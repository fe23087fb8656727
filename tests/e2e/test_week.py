"""S7, S8, P7 with browsers: a week is planned, frozen, visited by parents, reported, packed."""

import re
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.tables import grants
from tests.support import shots, world
from tests.support.axe import AXE, RUN_AXE
from tests.support.chromium import CHROMIUM, free_port
from tests.support.fair import STORY, Fair
from tests.support.office import hashed
from tests.support.samples import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}


@pytest_asyncio.fixture(loop_scope="session")
async def fair(tmp_path):
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=port)
    async with Fair.open(given, at="2027-04-26 10:00") as opened:
        await colleague(opened, "founder", "admin")
        yield opened


async def colleague(fair, login, role="operator"):
    """Open an account with a grant that counts; returns the session's key."""
    now = fair.rt.clock.now()
    async with fair.rt.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}老师", password=hashed(), now=now
        )
        given = await staff.propose(tx, number, Grant(role, ""), by=number, now=now)
        row = update(grants).where(grants.c.id == given)
        await tx.execute(row.values(approved_by=number, approved_at=now))
        return await sessions.start(tx, number, full=True, agent="e2e", now=now)


@asynccontextmanager
async def seat(browser, fair, login, size):
    """Open a colleague's browser on the console."""
    origin = f"http://127.0.0.1:{fair.rt.settings.console_port}"
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    key = await colleague(fair, login)
    await context.add_cookies([{"name": "console", "value": key, "url": origin}])
    async with watched(context, f"{origin}/console", size) as page:
        yield page


@asynccontextmanager
async def phone(browser, fair, size, *, key=""):
    """Open a parent's browser, logged in with a session's key."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=True
    )
    if key:
        cookie = {"name": "__Host-h5-session", "value": key, "url": fair.house.origin}
        await context.add_cookies([cookie | {"url": fair.house.origin.replace("http:", "https:")}])
        await context.set_extra_http_headers({"Cookie": f"__Host-h5-session={key}"})
    async with watched(context, f"{fair.house.origin}/h", size) as page:
        yield page


@asynccontextmanager
async def watched(context, origin, size):
    page, faults = await context.new_page(), []
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.origin, page.size = origin, size
    yield page
    await context.close()
    assert [f for f in faults if "status of 422" not in f] == []


async def sound(page, name):
    """See that a page fits, is open to everybody, and keep its picture where one is wanted."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name}: {wide} px too wide"
    await page.evaluate(AXE.read_text("utf-8"))
    assert await page.evaluate(RUN_AXE) == [], name
    await shots.keep(page, f"{name}-{page.size}")


@pytest.mark.parametrize("size", SIZES)
async def test_s7_a_week_is_planned_counted_frozen_and_reported(browser, fair, size):
    async with (
        seat(browser, fair, "chen", size) as chen,
        seat(browser, fair, "huang", size) as huang,
    ):
        await chen.goto(f"{chen.origin}/week")
        await sound(chen, "plans-empty")
        await chen.get_by_label("范围").select_option("gz")
        await chen.get_by_role("button", name="新建").click()
        await chen.get_by_role("heading", name="2027 年宣传周").wait_for()
        for day in ("1", "2"):
            await chen.goto(f"{chen.url.partition('?')[0]}/new")
            await chen.get_by_label("哪一天").select_option(day)
            await chen.get_by_label("几点").fill("19:00")
            await chen.get_by_label("类别").select_option("push")
            await chen.get_by_label("推送渠道").select_option("mass")
            await chen.get_by_label("标题").fill(f"第 {int(day) + 1} 天的推送")
            await sound(chen, "item-new")
            await chen.get_by_role("button", name="保存").click()
            await chen.get_by_text("已保存。").wait_for()
        await chen.get_by_text(
            "第 4 次群发会用完本月额度（5 月），建议第 2 天改订阅通知"
        ).wait_for()
        await sound(chen, "plan-draft")
        await chen.get_by_role("link", name="第 2 天的推送").click()
        await chen.get_by_label("推送渠道").select_option("notice")
        await chen.get_by_role("button", name="保存").click()
        await chen.get_by_text("已保存。").wait_for()
        assert await chen.get_by_text("会用完本月额度").count() == 0
        await chen.get_by_role("button", name="定稿").click()
        await chen.get_by_text("已定稿，家长在宣传周网页上看得到了").wait_for()
        plan = chen.url.partition("?")[0]
        await chen.get_by_role("link", name="会说话的家").click()
        await chen.get_by_label("标题").fill("会听的家")
        await chen.get_by_role("button", name="提交给第二人").click()
        await chen.get_by_text("已提交，等第二人同意").wait_for()
        await huang.goto(plan)
        await sound(huang, "plan-text")
        await huang.get_by_role("button", name="同意改").click()
        await huang.get_by_text("文字已改").wait_for()
        await huang.goto(f"{plan}/quiz?day=0")
        await sound(huang, "quiz-staff")
    fair.at("2027-05-24 10:00")
    async with seat(browser, fair, "lead", size) as lead:
        await lead.goto(f"{lead.origin}/week")
        await sound(lead, "plans")
        await lead.goto(f"{plan}/report")
        await sound(lead, "report")
        async with lead.expect_download() as started:
            await lead.get_by_role("button", name="导出数据").click()
        assert (await started.value).suggested_filename == "week-2027.zip"


async def visits(mother):
    """Look at the week, answer the quiz, book a talk."""
    await mother.goto(f"{mother.origin}/week")
    await mother.get_by_role("heading", name="家庭是第一个课堂").wait_for()
    await sound(mother, "h5-week")
    await mother.get_by_role("link", name="今天的小测").click()
    await mother.get_by_label("今天有什么好玩的事？").check()
    await sound(mother, "h5-quiz")
    await mother.get_by_role("button", name="看讲解").click()
    await mother.get_by_text("先听他想说的").wait_for()
    await sound(mother, "h5-quiz-told")
    await mother.goto(f"{mother.origin}/week/live")
    await sound(mother, "h5-live")
    await mother.get_by_role("link", name=re.compile("怎么说孩子才听")).click()
    await mother.get_by_role("button", name="预约").click()
    await mother.get_by_text("约好了").wait_for()
    await sound(mother, "h5-talk")


async def tells(mother, files):
    """Send a story with two photos."""
    await mother.goto(f"{mother.origin}/week/story/new")
    await mother.get_by_label("标题").fill(STORY["title"])
    await mother.get_by_label(re.compile("^故事")).fill(STORY["story"])
    await mother.set_input_files("#photos", files)
    await mother.get_by_label("用下面的称呼").check()
    await mother.get_by_label(re.compile("^称呼")).fill("阿珍妈妈")
    await mother.get_by_label(re.compile("我同意")).check()
    await sound(mother, "h5-story-new")
    await mother.get_by_role("button", name="投稿").click()
    await mother.get_by_text("收到了，待审核").wait_for()
    await sound(mother, "h5-mine")


@pytest.mark.parametrize("size", SIZES)
async def test_p7_a_parent_visits_answers_books_and_tells(browser, fair, size, tmp_path):
    await fair.plan()
    fair.at("2027-05-10 10:00")
    await fair.talk()
    _, handset = await fair.phone()
    files = []
    for n in range(2):
        file = tmp_path / f"IMG_{n}.jpg"
        file.write_bytes(shots.heirloom((1200, 900 + n * 300)))
        files.append(str(file))
    async with (
        phone(browser, fair, size, key=handset.key) as mother,
        seat(browser, fair, "chen", size) as chen,
        seat(browser, fair, "huang", size) as huang,
    ):
        await visits(mother)
        await tells(mother, files)
        await chen.goto(f"{chen.origin}/week/wall")
        await sound(chen, "stories")
        await chen.get_by_role("link", name=re.compile(STORY["title"])).click()
        await sound(chen, "story")
        await chen.get_by_role("button", name="我看过，可以").click()
        await chen.get_by_text("您看过了，等另一位同事").wait_for()
        await huang.goto(f"{huang.origin}/week/wall")
        await huang.get_by_role("link", name=re.compile(STORY["title"])).click()
        await huang.get_by_role("button", name="公开").first.click()
        await huang.get_by_text("已公开在传家宝墙上").wait_for()
        await mother.goto(f"{mother.origin}/week/wall")
        await sound(mother, "h5-wall")
        await mother.get_by_role("link", name=re.compile(STORY["title"])).click()
        await mother.locator(".photos img").first.wait_for()
        await sound(mother, "h5-story")
        await mother.goto(f"{mother.origin}/week/story?big=1")
        await mother.get_by_text("已发布").wait_for()
        await mother.get_by_role("button", name="撤回并删除").click()
        await mother.get_by_text("已撤回").wait_for()
        await mother.goto(f"{mother.origin}/week/wall")
        assert STORY["title"] not in await mother.inner_text("main")
        await sound(mother, "h5-wall-big")
    assert fair.files == []


@pytest.mark.parametrize("size", SIZES)
async def test_s8_a_case_is_packed_and_taken_back(browser, fair, size, tmp_path):
    file = tmp_path / "DSC.jpg"
    file.write_bytes(picture("JPEG", (1600, 1200)))
    async with seat(browser, fair, "chen", size) as chen:
        await chen.goto(f"{chen.origin}/week/cards")
        await sound(chen, "cards-empty")
        await chen.goto(f"{chen.origin}/week/cards/new")
        for label, text in (("标题", "放下手机的十分钟"), ("谁", "一位三年级家长")):
            await chen.get_by_label(re.compile(rf"^{label}\*?$")).fill(text)
        await chen.get_by_label("范围").select_option("gz")
        for label, text in (
            ("做了什么", "每天晚饭后十分钟，全家放下手机。"), ("结果", "孩子愿意说话了。"),
            ("凭什么知道", "班主任家访记录。"),
            ("300 字稿", "短稿" * 60), ("800 字稿", "长稿" * 200),
        ):  # fmt: skip
            await chen.get_by_label(re.compile(rf"^{label}\*?$")).fill(text)
        await chen.get_by_role("button", name="保存").click()
        await chen.get_by_text("已保存。").wait_for()
        await chen.get_by_label("谁同意").fill("陈女士（家长）")
        await chen.get_by_label("同意什么").fill("文字和照片")
        await chen.get_by_label("哪天签的").fill("2027-04-20")
        await chen.get_by_label("签字件存放处").fill("办公室 3 号柜")
        await chen.get_by_role("button", name="登记同意").click()
        await chen.get_by_text("已登记同意").wait_for()
        await chen.set_input_files("#p-photo", str(file))
        await chen.get_by_role("button", name="上传").click()
        await chen.locator(".pictures img").wait_for()
        await chen.get_by_label("给谁").fill("广州日报")
        async with chen.expect_download() as started:
            await chen.get_by_role("button", name="导出 ZIP").click()
        assert (await started.value).suggested_filename.endswith("2027-04-26.zip")
        await chen.reload()
        await chen.get_by_text("点开 0 次").wait_for()
        await sound(chen, "card")
        await chen.get_by_role("button", name="撤回").first.click()
        await chen.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").click()
        await chen.get_by_text("有人撤回了同意").wait_for()
        await chen.get_by_text("已收回").first.wait_for()
        await sound(chen, "card-ended")
        await chen.goto(f"{chen.origin}/week/cards")
        await sound(chen, "cards")
        await chen.goto(f"{chen.origin}/week/talks/new")
        await sound(chen, "talk-new")
        await fair.talk()
        await chen.goto(f"{chen.origin}/week/talks")
        await sound(chen, "talks")
