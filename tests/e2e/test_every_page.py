"""Every page of the console in a real browser: no error, no fault of access, nothing from afar."""

from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from sqlalchemy import insert

from bot.console import guard
from bot.console.visit import PREFIX
from bot.people import roles
from bot.people.code_tables import codes
from tests.support import samples, world
from tests.support.axe import AXE, RUN_AXE
from tests.support.chromium import CHROMIUM
from tests.support.office import CLASS, Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("pages"),
]
WINDOWS = ((1280, "light"), (375, "dark"))
#: What is no page: files, and a stream that never ends.
NO_PAGE = (
    "/imports/{import}",
    "/directory-imports/{run}",
    "/roster/{run}",
    "/codes/picture",
    "/teaching/code.png",
    "/visit-slots/{slot}/record",  # its own teacher alone opens it: tests/e2e/test_teaching.py
    "/codes/pack.zip",
    "/codes/pack.pdf",
    "/duty/banner",
    "/golden/entries",
    "/exports/",
    "/events",
    "/sent-events",
    "/figures",
    ".csv",
    ".xlsx",
    "/export",
    "/backups/{backup}",
    "/photos/{",
)
#: Pages that ask for more than a path.
ASKED = {
    "/units/new": "?parent=gz/tianhe",
    "/units/next-year": "?path=gz/tianhe",
    "/codes/print": "?path=gz/tianhe",
    "/teaching/guide": f"?class={CLASS}",
    "/teaching/code": f"?class={CLASS}",
    "/answers": f"?code={samples.CODE}",
}


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given, base=True) as opened:
        await opened.units()
        async with opened.rt.db.write() as tx:
            await tx.execute(insert(codes).values(
                scene=f"class:{CLASS}", ticket="t", url="http://weixin.qq.com/q/02abcdefghijk",
                permanent=True, area=CLASS, name="", made_at=opened.clock.now(), made_by=1,
            ))  # fmt: skip
        yield opened


def shown(office):
    """Return the paths of all pages that show something."""
    pages = [p.path for p in office.pages if p.method == "GET"]
    return [p for p in pages if not any(part in p for part in NO_PAGE)]


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
async def test_every_page_is_sound(browser, office, width, scheme):
    everything = [(role, "", "") for role in roles.load().roles]
    person = await office.staff("everyone", *everything)
    made = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=False,
        reduced_motion="reduce",
    )
    name = guard.cookie_name(office.rt.settings)
    await made.add_cookies([{"name": name, "value": person.key, "url": office.origin}])
    page, faults = await made.new_page(), []
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if is_fault(m) else None)
    page.on("request", lambda r: faults.append(r.url) if is_far(office, r.url) else None)
    made_rows = await samples.make_all(office)
    made_rows["golden/question"] = await samples.question(office)
    for path in shown(office):
        where = PREFIX + samples.filled(path, made_rows) + ASKED.get(path, "")
        answer = await page.goto(office.origin + where)
        if path == "/invite":  # nobody is invited
            faults = [f for f in faults if "404" not in f]
        elif answer.status != 200:
            faults.append(f"{where}: {answer.status}")
        await page.evaluate(AXE.read_text("utf-8"))
        faults += [f"{where}: {violation}" for violation in await page.evaluate(RUN_AXE)]
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{where}: {wide} px too wide")
    await made.close()
    assert faults == [], "\n".join(faults)


def is_fault(message):
    return message.type in ("error", "warning")


def is_far(office, url):
    return urlsplit(url).scheme.startswith("http") and not url.startswith(office.origin)
