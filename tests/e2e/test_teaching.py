"""S2, S3, S5 with browsers: a class on the teacher's phone, a school's term, home visits."""

import re
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, update

from bot.org import tree
from bot.org.tables import units
from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.code_tables import codes
from bot.people.tables import grants
from bot.school.session_tables import check_ins
from bot.school.session_tables import sessions as held
from tests.support import school, shots, teaching, world
from tests.support.axe import AXE, RUN_AXE
from tests.support.chromium import CHROMIUM, free_port
from tests.support.fair import Fair
from tests.support.office import hashed
from tests.support.places import CLASS, OTHER_CLASS, SCHOOL, UNITS

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
    async with Fair.open(given, at="2026-11-24 10:00") as opened:
        now = opened.rt.clock.now()
        async with opened.rt.db.write() as tx:
            known = set((await tx.scalars(select(units.c.path))).all())
            for unit in UNITS:
                if unit.path not in known:
                    await tree.add(tx, unit, now)
            await tx.execute(insert(codes).values(
                scene=f"class:{CLASS}", ticket="t", url="http://weixin.qq.com/q/02abcdefghijk",
                permanent=True, area=CLASS, name="", made_at=now, made_by=1,
            ))  # fmt: skip
        await school.publish(opened.rt, "homework-rhythm", "phone-agreement")
        await teaching.households(opened.rt, CLASS, 31, learned=14)
        await teaching.households(opened.rt, OTHER_CLASS, 9, learned=9)
        await colleague(opened, "founder", "admin", "")
        yield opened


async def colleague(fair, login, role, area):
    """Open an account with a grant that counts; returns the session's key."""
    now = fair.rt.clock.now()
    async with fair.rt.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}老师", password=hashed(), now=now
        )
        given = await staff.propose(tx, number, Grant(role, area), by=number, now=now)
        row = update(grants).where(grants.c.id == given)
        await tx.execute(row.values(approved_by=number, approved_at=now))
        return await sessions.start(tx, number, full=True, agent="e2e", now=now)


async def again(fair, login):
    """Return the key of a new session: the clock was turned."""
    now = fair.rt.clock.now()
    (row,) = await fair.rows("SELECT id FROM staff WHERE login = :l", l=login)
    async with fair.rt.db.write() as tx:
        return await sessions.start(tx, row["id"], full=True, agent="e2e", now=now)


@asynccontextmanager
async def seat(browser, fair, key, size):
    """Open a colleague's browser on the console."""
    origin = f"http://127.0.0.1:{fair.rt.settings.console_port}"
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        permissions=["clipboard-read", "clipboard-write"],
    )
    await context.add_cookies([{"name": "console", "value": key, "url": origin}])
    async with watched(context, f"{origin}/console", size) as page:
        yield page


@asynccontextmanager
async def phone(browser, fair, size, *, key):
    """Open a parent's browser, logged in with a session's key."""
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    secure = fair.house.origin.replace("http:", "https:")
    await context.add_cookies([{"name": "__Host-h5-session", "value": key, "url": secure}])
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
async def test_s2_a_class_teacher_has_a_minute(browser, fair, size):
    key = await colleague(fair, "linlin", "teacher", CLASS)
    async with seat(browser, fair, key, size) as lin:
        await lin.goto(f"{lin.origin}/teaching")
        await lin.get_by_text("31 户").wait_for()
        await lin.get_by_text("约 45 %").wait_for()
        await sound(lin, "class")
        await lin.get_by_role("button", name=re.compile("复制转发语：本周微课")).click()
        copied = await lin.evaluate("navigator.clipboard.readText()")
        assert "本周微课" in copied
        assert "打卡" not in copied
        async with lin.expect_download() as started:
            await lin.get_by_role("link", name="保存图片").click()
        assert (await started.value).suggested_filename.endswith(".png")
        await lin.get_by_text("换一课").click()
        await lin.locator("#p-module").select_option("homework-rhythm/03-both-ends")
        await lin.get_by_role("button", name="换成这一课").click()
        await lin.get_by_text("本周微课已换好").wait_for()
        await lin.get_by_role("link", name="20 分钟班会指南").click()
        await lin.get_by_role("heading", name=re.compile("20 分钟班会指南")).wait_for()
        await sound(lin, "guide")
        if shots.FOLDER and size == "desktop":
            await lin.pdf(path=f"{shots.FOLDER}/guide.pdf", format="A4")
    key = await colleague(fair, "momomo", "teacher", OTHER_CLASS)
    async with seat(browser, fair, key, size) as mo:
        await mo.goto(f"{mo.origin}/teaching")
        await mo.get_by_text("人数太少，不显示").wait_for()
        await sound(mo, "class-small")


async def comes(fair, count):
    """So many parents were at the first on-site class."""
    async with fair.rt.db.write() as tx:
        number = await tx.scalar(select(held.c.id).order_by(held.c.starts_at).limit(1))
        await tx.execute(insert(check_ins), [
            {"session": number, "account": world.ACCOUNT, "openid": teaching.openid(CLASS, n),
             "at": fair.rt.clock.now(), "way": "code", "is_late": 0} for n in range(count)
        ])  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
async def test_s3_a_school_plans_its_term(browser, fair, size):
    parent, handset = await fair.phone()
    await teaching.bind(fair.rt, (world.ACCOUNT, parent.openid), CLASS)
    key = await colleague(fair, "susan", "school_lead", SCHOOL)
    async with seat(browser, fair, key, size) as su:
        await su.goto(f"{su.origin}/terms")
        await sound(su, "terms-empty")
        for label, text in (
            ("学期名称", "2026 学年第一学期"), ("第一天", "2026-09-01"), ("最后一天", "2027-01-22"),
        ):  # fmt: skip
            await su.get_by_label(re.compile(rf"^{label}\*?$")).fill(text)
        await su.get_by_role("button", name="排日期").click()
        await su.get_by_text("计划已排好").wait_for()
        await sound(su, "term-draft")
        await su.get_by_role("link", name="现场课：家校一起商量").click()
        await su.get_by_label(re.compile("^日期")).fill("2027-01-01")
        await su.get_by_label(re.compile("^地点")).fill("学校报告厅")
        await su.get_by_role("button", name="保存").click()
        await su.get_by_text("这一天不上课").first.wait_for()
        await sound(su, "term-item-refused")
        await su.get_by_label(re.compile("^日期")).fill("2026-12-10")
        await su.get_by_role("button", name="保存").click()
        await su.get_by_text("已保存").wait_for()
        await su.get_by_role("button", name="发布").click()
        await su.get_by_text("家长看得到了").wait_for()
        await sound(su, "term")
        await comes(fair, 12)
        await su.get_by_role("link", name="学期小结").click()
        await su.get_by_role("heading", name=re.compile("小结")).wait_for()
        await su.get_by_text("40 户").or_(su.get_by_text("41 户")).first.wait_for()
        await sound(su, "term-report")
    async with phone(browser, fair, size, key=handset.key) as mother:
        await mother.goto(f"{mother.origin}/school-terms")
        await mother.get_by_text("学校报告厅").wait_for()
        await mother.get_by_text("12.10").wait_for()
        await sound(mother, "h5-terms")
        await mother.goto(f"{mother.origin}/school-terms?big=1")
        await sound(mother, "h5-terms-big")


async def chooses(mother):
    """Look at the free times and take the second one."""
    await mother.goto(f"{mother.origin}/visits")
    await mother.get_by_label(re.compile("11.26 15:55")).check()
    await mother.get_by_label("学习和作业").check()
    await sound(mother, "h5-visits")
    await mother.get_by_label(re.compile("^老师怎么认出您")).fill("三组小李妈妈")
    await mother.get_by_role("button", name="约这个时间").click()
    await mother.get_by_text("约好了").wait_for()
    await sound(mother, "h5-visit-booked")


async def records(lin):
    """Write down what was agreed."""
    await lin.get_by_role("link", name="记录", exact=True).click()
    await lin.get_by_label(re.compile("^谈了什么")).fill("作业拖到很晚，孩子说先想玩一会儿。")
    await lin.get_by_label(re.compile("^家里试什么")).fill("六点半开始，写完再玩。")
    await sound(lin, "record-form")
    await lin.get_by_role("button", name="保存").click()
    await lin.get_by_text("已记录").wait_for()


@pytest.mark.parametrize("size", SIZES)
async def test_s5_home_visits_are_chosen_recorded_and_counted(browser, fair, size):
    parent, handset = await fair.phone()
    await teaching.bind(fair.rt, (world.ACCOUNT, parent.openid), CLASS)
    key = await colleague(fair, "linlin", "teacher", CLASS)
    async with seat(browser, fair, key, size) as lin:
        await lin.goto(f"{lin.origin}/visits")
        await sound(lin, "slots-empty")
        for label, text in (
            ("哪天", "2026-11-26"), ("从几点", "15:30"), ("每次多少分钟", "20"),
            ("中间歇几分钟", "5"), ("连着几个", "10"), ("地点或会议号", "二楼接待室"),
        ):  # fmt: skip
            await lin.get_by_label(re.compile(rf"^{label}\*?$")).fill(text)
        await lin.get_by_role("button", name="开放", exact=True).click()
        await lin.get_by_text("时段已开放").wait_for()
        assert await lin.get_by_text("空着").count() == 10
    async with phone(browser, fair, size, key=handset.key) as mother:
        await chooses(mother)
    fair.at("2026-11-27 10:00")
    async with seat(browser, fair, await again(fair, "linlin"), size) as lin:
        await lin.goto(f"{lin.origin}/visits")
        await lin.get_by_text("三组小李妈妈").wait_for()
        await sound(lin, "slots")
        await records(lin)
    lead = await colleague(fair, "susan", "school_lead", SCHOOL)
    async with seat(browser, fair, lead, size) as su:
        await su.goto(f"{su.origin}/visit-records")
        await sound(su, "records")
        await su.get_by_role("button", name="打开", exact=True).click()
        await su.get_by_text("六点半开始").wait_for()
        await sound(su, "visit-record")
    assert "学校负责人，看了家访记录" in await parent.says("谁看过我")
    wide = await colleague(fair, "ouyang", "leader", "gz/tianhe")
    async with seat(browser, fair, wide, size) as ou:
        await ou.goto(f"{ou.origin}/visit-rates")
        await ou.get_by_text("2 %").wait_for()  # one of 41
        assert "六点半" not in await ou.content()
        await sound(ou, "rates")
