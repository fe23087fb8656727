"""A course with browsers: a lesson is edited, judged by a colleague, published; versions differ."""

import os
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app
from bot.clock import SystemClock
from bot.courses import seeding
from bot.org import tree
from tests.e2e.test_curation import SIZES, Desk, colleague, seat
from tests.e2e.test_inbox import fits
from tests.support import school, world
from tests.support.chromium import CHROMIUM, free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
NAMES = ("homework-rhythm", "kinder-start", "junior-talk", "phone-agreement")
NAME, LESSON = "homework-rhythm", "01-start-time"
NEW = "几点开始先说好"
SHOTS = os.environ.get("BOT_TEST_SHOTS")


@pytest_asyncio.fixture(loop_scope="session")
async def academy(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=free_port())
    async with world.City.open(given) as city, app.opened(city.settings) as rt:
        async with rt.db.write() as tx:
            await tree.seed(tx, SystemClock().now())
            await seeding._programmes(tx)
            await seeding._outline(tx)
        await school.publish(rt, *NAMES)
        async with rt.db.write() as tx:
            await seeding.mapping.renew(tx)
        people = {
            "founder": await colleague(city, "founder", "admin"),
            "chen": await colleague(city, "chen", "editor"),
            "huang": await colleague(city, "huang", "editor", "reviewer"),
        }
        yield Desk(city, None, people)


async def looks_well(page, name, size):
    """The page fits, and is kept as a picture if wanted; its access: test_every_page."""
    await fits(page)
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=folder / f"{name}-{size}.png", full_page=True, caret="initial")


@pytest.mark.parametrize("size", SIZES)
async def test_a_lesson_is_edited_reviewed_and_published(browser, academy, size):
    async with (
        seat(browser, academy, "chen", size) as chen,
        seat(browser, academy, "huang", size) as huang,
    ):
        for path in ("courses", "curriculum", "syllabus", "syllabus/import", "course-import",
                     "new-course"):  # fmt: skip
            await chen.goto(f"{chen.origin}/{path}")
            await looks_well(chen, path.replace("/", "-"), size)
        await chen.goto(f"{chen.origin}/courses/{NAME}/lessons/{LESSON}")
        await chen.locator("#preview .phone-talk").first.wait_for()
        await looks_well(chen, "lesson", size)
        await chen.fill("#f-card1_title", NEW)
        await chen.locator(f"#preview .bubble-account >> text={NEW}").first.wait_for()
        await chen.fill("#f-quiz1_why", "")
        await chen.click("button:has-text('保存草稿')")
        await chen.locator("#f-quiz1_why-fault").wait_for()
        await looks_well(chen, "lesson-faulty", size)
        await chen.fill("#f-quiz1_why", "开始的时间说好了，就少一次催。")
        await chen.click("button:has-text('保存草稿')")
        await chen.locator("text=这一课已存为草稿").wait_for()
        await chen.goto(f"{chen.origin}/courses/{NAME}/edit")
        await looks_well(chen, "edit", size)
        await chen.goto(f"{chen.origin}/courses/{NAME}")
        await looks_well(chen, "course", size)
        await chen.click("button:has-text('提交审核')")
        await chen.locator("text=没有参与过的同事来审核").wait_for()
        await huang.goto(f"{huang.origin}/courses/{NAME}/versions/2")
        await huang.locator("ins").first.wait_for()
        await looks_well(huang, "version", size)
        await huang.goto(f"{huang.origin}/courses/{NAME}")
        await huang.click("button:has-text('通过')")
        await huang.locator("text=审核通过").first.wait_for()
        await huang.click("button:has-text('发布给家长')")
        await huang.locator("text=正在学的照旧学完").wait_for()
        await looks_well(huang, "published", size)
    rows = await academy.city.rows(f"SELECT version FROM course WHERE id = '{NAME}'")
    assert rows[0]["version"] == 2
    said = await academy.city.rows(
        f"SELECT content FROM course_version WHERE course = '{NAME}' ORDER BY number"
    )
    assert [NEW in row["content"] for row in said] == [False, True]
