"""Take the pictures of docs/console.md.

.venv/bin/python scripts/screenshots_console.py [console] [school]

A database of its own is filled (scripts/seed-demo and the samples of the tests), the console opened
on it, and every page that shows something photographed at 1280 and at 375 px. The pages of the
parent school have a database of their own (school_seed.py).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

sys.path.insert(0, str(ROOT / "scripts"))

import school_seed  # noqa: E402 - found beside this script
import seed_demo  # noqa: E402

from bot.console import guard  # noqa: E402
from bot.console.visit import PREFIX  # noqa: E402
from bot.curation import adopting, jobs, sitting  # noqa: E402
from bot.people import roles  # noqa: E402
from tests.support import samples, world  # noqa: E402
from tests.support.office import Office  # noqa: E402

IMAGES = ROOT / "docs" / "images" / "console"
CHROMIUM = "/usr/bin/chromium"
#: Name of the picture, path; parameters are filled by the samples.
PAGES = (
    ("login", "/login"), ("home", "/"), ("me", "/me"), ("search", "/search?q=作业"),
    ("entries", "/entries"), ("editor", "/entries/study.procrastinate.slow-homework"),
    ("new-entry", "/entries/new"), ("retire", "/entries/study.procrastinate.slow-homework/retire"),
    ("publish", "/publish"), ("gate", "/publish/{run}"),
    ("publication", "/publications/{publication}"),
    ("golden", "/golden"), ("golden-new", "/golden/new"), ("golden-run", "/golden/run"),
    ("imports", "/imports"), ("gaps", "/gaps"), ("gap", "/gaps/{gap}"), ("try", "/try"),
    ("duty", "/duty"), ("duty-table", "/duty/table"), ("hotlines", "/hotlines"),
    ("crisis-texts", "/crisis-texts"), ("slips", "/duty/slips"), ("holds", "/holds"),
    ("directory", "/directory"),
    ("place", "/directory/tianhe-center"), ("new-place", "/directory/new"),
    ("directory-imports", "/directory-imports"),
    ("answer", "/answers/{code}"), ("inbox", "/inbox"), ("ticket", "/inbox/{ticket}"),
    ("grants", "/inbox/grants"), ("dashboard", "/dashboard"),
    ("units", "/units?path=gz/tianhe"), ("staff", "/staff"), ("person", "/staff/{person}"),
    ("invite", "/staff/invite"), ("pending", "/staff/grants"), ("roles", "/roles"),
    ("audit", "/audit"), ("health", "/health"), ("account", "/account"), ("backups", "/backups"),
    ("jobs", "/jobs"), ("settings", "/settings"), ("not-found", "/entries/nothing.here.at-all"),
)  # fmt: skip


#: The same for the parent school; `{class}` is the class with the most households.
SCHOOL = (
    ("courses", "/courses"), ("course", "/courses/homework-rhythm"), ("curriculum", "/curriculum"),
    ("syllabus", "/syllabus"), ("sessions", "/sessions"), ("session", "/sessions/{session}"),
    ("door", "/sessions/{session}/door"), ("class", "/teaching?class={class}"),
    ("class-guide", "/teaching/guide?class={class}"), ("term", "/terms/{plan}"),
    ("term-report", "/terms/{plan}/report"), ("visits", "/visits?class={class}"),
    ("certificates", "/certificates"), ("funnel", "/dashboard/funnel"),
)  # fmt: skip
SIZES = ((1280, 860), (375, 780))
QUALITY = 60


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or ["console", "school"]
    for name, work in (("console", console), ("school", school)):
        if name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                given = world.settings(Path(folder), f"sqlite:///{folder}/bot.db")
                given = given.model_copy(update={"public_url": "https://jiaxiao.example.cn"})
                async with Office.open(given, base=True) as office:
                    await office.units()
                    await work(office)


async def console(office: Office) -> None:
    """Take the pictures of everything but the parent school."""
    await seed_demo.seed(office.rt, days=45, a_day=400, number=1)
    await fill(office)
    made = await samples.make_all(office)
    pages = [(name, samples.filled(path, made)) for name, path in PAGES]
    await shoot(office, await chen(office), pages)


async def school(office: Office) -> None:
    """Take the pictures of the parent school."""
    person = await chen(office)
    made = await school_seed.fill(office, await person.actor())
    values = {"class": school_seed.CLASS, **made}
    await shoot(office, person, [(name, path.format(**values)) for name, path in SCHOOL])


async def chen(office: Office) -> object:
    everything = [(role, "", "") for role in roles.load().roles]
    return await office.staff("chen", *everything, name="陈老师")


async def fill(office: Office) -> None:
    """Give the console what a few weeks would have brought."""
    async with office.rt.db.write() as tx:
        await adopting.settle(office.rt, tx)
    await sitting.sit(office.rt, await (await office.staff("lili", ("editor", "", ""))).actor())
    for _ in range(3):
        await jobs.collect(office.rt)


async def shoot(office: Office, person: object, pages: list[tuple[str, str]]) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width, height in SIZES:
            await shoot_at(browser, office, person, pages, width, height)
        await browser.close()


async def shoot_at(
    browser: Browser, office: Office, person: object, pages: list, width: int, height: int
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": height})
    cookie = {"name": guard.cookie_name(office.rt.settings), "url": office.origin}
    page = await context.new_page()
    for name, path in pages:
        key = "" if name == "login" else person.key
        await context.clear_cookies()
        if key:
            await context.add_cookies([cookie | {"value": key}])
        answer = await page.goto(office.origin + PREFIX + path)
        if answer is None or not (answer.ok or name == "not-found"):
            raise SystemExit(f"{path} does not answer")
        await page.wait_for_timeout(700)  # the preview and the charts draw themselves
        file = IMAGES / f"{name}-{width}.jpg"
        await page.screenshot(path=file, type="jpeg", quality=QUALITY)


if __name__ == "__main__":
    asyncio.run(main())
