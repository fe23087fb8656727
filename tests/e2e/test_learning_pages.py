"""P5 in a browser: from the catalogue to the end of a lesson, by phone and desk; large type."""

import re
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.e2e.test_mine_pages import SMALL_TYPE, TARGET_PX, TYPE_PX
from tests.e2e.test_parents_pages import AXE, OPEN_ALL, RUN_AXE
from tests.support import school as seed
from tests.support import shots, world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.schoolhouse import Schoolhouse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 812)}
NAMES = (
    "bedtime-sleep", "family-culture", "homework-rhythm", "infant-first-year", "junior-study",
    "phone-agreement", "safe-child",
)  # fmt: skip
#: Pages that are judged on a desk as well; the others only have to fit there.
WIDE = {"catalogue-own", "course", "lesson-practice", "learning", "record"}


@pytest_asyncio.fixture(loop_scope="session")
async def school(tmp_path):
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", port=port)
    async with Schoolhouse.open(given, *NAMES) as opened:
        yield opened


@asynccontextmanager
async def window(browser, school, size, key="", scheme="light"):
    """Open a parent's browser, logged in with a session's key."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    if key:
        where = school.house.origin.replace("http:", "https:")
        await context.add_cookies([{"name": "__Host-h5-session", "value": key, "url": where}])
        await context.set_extra_http_headers({"Cookie": f"__Host-h5-session={key}"})
    page, faults = await context.new_page(), []
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.origin, page.size = f"{school.house.origin}/h", size
    yield page
    await context.close()
    assert faults == []


async def sound(page, name, *, big=False):
    """See that a page fits, that fingers hit, that everybody can use it; keep its picture."""
    await shots.keep(page, f"{name}-{page.size}")
    await page.evaluate(OPEN_ALL)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name}: {wide} px too wide"
    if page.size == "desktop" and name not in WIDE:  # the same elements, wider
        return
    await page.evaluate(AXE.read_text("utf-8"))
    assert await page.evaluate(RUN_AXE) == [], name
    least = TARGET_PX if big else 44
    for target in await page.locator("main button, main .button, main .chip, main select").all():
        box = await target.bounding_box()
        assert not box or box["height"] >= least, f"{name}: {await target.inner_text()}"
    if big:
        assert await page.evaluate(SMALL_TYPE, TYPE_PX) == [], name


async def taps(page, label):
    await page.get_by_role("button", name=label, exact=True).click()


async def reads_the_first_lesson(page, lesson):
    """Go through the cards to the practice."""
    for n, card in enumerate(lesson.cards):
        await page.get_by_role("heading", name=card.title).wait_for()
        if n == 1:
            await sound(page, "lesson-card")
            await taps(page, "上一张")
            await taps(page, "看完了，下一张")
            await page.get_by_role("heading", name=card.title).wait_for()
        await taps(page, "看完了，下一张" if n + 1 < len(lesson.cards) else "看完了，看今晚做什么")
    await page.get_by_text("什么时候提醒您做？").wait_for()
    await sound(page, "lesson-practice")


async def answers(page, lesson):
    """Answer the quiz: the first question wrongly first."""
    question = lesson.quiz[0]
    wrong = next(o for n, o in enumerate(question.options, 1) if n != question.right)
    await page.get_by_role("button", name=re.compile(re.escape(wrong))).click()
    await page.get_by_text("再想想").wait_for()
    await sound(page, "lesson-quiz-wrong")
    for one in lesson.quiz:
        right = one.options[one.right - 1]
        await page.get_by_role("button", name=re.compile(re.escape(right))).click()
        await page.get_by_text("对了").wait_for()


@pytest.mark.parametrize("size", SIZES)
async def test_p5_a_parent_chooses_reads_practises_is_asked_and_learns(browser, school, size):
    lesson, next_one = seed.course().lessons[:2]
    async with window(browser, school, size) as guest:
        await guest.goto(f"{guest.origin}/school")
        await sound(guest, "catalogue")
        await guest.get_by_role("link", name="小学", exact=True).click()
        await guest.get_by_role("link", name=re.compile("作业不再是战场")).click()
        await guest.get_by_text("登录后开始学").wait_for()
        await sound(guest, "course-guest")
        await guest.get_by_role("link", name=re.compile(lesson.title)).click()
        await sound(guest, "lesson-read")
    handset = await school.phone()
    async with window(browser, school, size, handset.key) as mother:
        await mother.goto(f"{mother.origin}/school")
        await mother.get_by_text("适合您家孩子（三年级）").wait_for()
        await sound(mother, "catalogue-own")
        await mother.get_by_role("link", name=re.compile("作业不再是战场")).click()
        await taps(mother, "开始学")
        await reads_the_first_lesson(mother, lesson)
        await mother.get_by_role("button", name=re.compile("今晚 20:00")).click()
        await mother.get_by_text("记下了，今晚 20:00 提醒您").wait_for()
        await mother.goto(f"{mother.origin}/mine/todos")
        await mother.get_by_role("link", name=re.compile(lesson.practice.title)).wait_for()
        await sound(mother, "todos")
        await mother.get_by_role("link", name=re.compile(lesson.practice.title)).click()
        await mother.get_by_text(lesson.practice.check).wait_for()
        await sound(mother, "lesson-check")
        await mother.get_by_role("button", name="没做成").click()
        await mother.get_by_text("卡在哪").wait_for()
        await sound(mother, "lesson-stuck")
        await mother.get_by_role("button", name=re.compile(lesson.practice.stuck[1].when)).click()
        await mother.get_by_text("下次试试").wait_for()
        await sound(mother, "lesson-tip")
        await answers(mother, lesson)
        await mother.get_by_text("这一课学完了").first.wait_for()
        await sound(mother, "lesson-learned")
        await mother.get_by_role("link", name="今天就到这里").click()
        await mother.get_by_text(next_one.title).wait_for()
        await sound(mother, "learning")
        await mother.get_by_role("button", name="先歇一歇").click()
        await mother.get_by_text("先歇着").wait_for()
        await mother.get_by_role("button", name="接着学").click()
        await mother.get_by_role("link", name=re.compile("学习记录")).click()
        await sound(mother, "record")
        await mother.goto(f"{mother.origin}/school/homework-rhythm")
        await sound(mother, "course")
        await mother.goto(f"{mother.origin}/mine")
        await sound(mother, "mine")


async def test_large_type_and_the_dark_fit_a_phone(browser, school):
    handset = await school.phone()
    await handset.post("/h/school/homework-rhythm", page="/h/school/homework-rhythm")
    lesson = seed.course().lessons[0]
    first = f"/school/homework-rhythm/{lesson.name}"
    async with window(browser, school, "phone", handset.key) as granny:
        for path in ("/school", "/school/homework-rhythm", f"{first}?read=1", "/mine/record"):
            mark = "&" if "?" in path else "?"
            await granny.goto(f"{granny.origin}{path}{mark}big=1")
            await sound(granny, f"big-{path.strip('/').replace('/', '-').split('?')[0]}", big=True)
        await granny.goto(f"{granny.origin}{first}?big=1")
        await sound(granny, "big-card", big=True)
        for n in range(len(lesson.cards)):
            last = n + 1 == len(lesson.cards)
            await taps(granny, "看完了，看今晚做什么" if last else "看完了，下一张")
        await granny.get_by_text("什么时候提醒您做？").wait_for()
        await sound(granny, "big-practice", big=True)
        await taps(granny, "已经做了")
        await granny.get_by_text("真好，记下了").wait_for()
        await sound(granny, "big-quiz", big=True)
        await granny.goto(f"{granny.origin}/mine/learning?big=1")
        await sound(granny, "big-learning", big=True)
    async with window(browser, school, "phone", handset.key, "dark") as night:
        for path in ("/school", "/school/homework-rhythm", first, "/mine/learning", "/mine/record"):
            await night.goto(f"{night.origin}{path}")
            await sound(night, f"dark{path.replace('/', '-')}")
