"""P5, steps 6 and 7, with browsers: stars, a certificate with its name, verified, revoked."""

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.tables import grants
from tests.support import shots, world
from tests.support.academy import Academy
from tests.support.axe import AXE, RUN_AXE
from tests.support.chromium import CHROMIUM, free_port
from tests.support.office import hashed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}


@pytest_asyncio.fixture(loop_scope="session")
async def academy(tmp_path):
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=port)
    async with Academy.open(given) as opened:
        await colleague(opened, "founder", "admin")
        yield opened


async def colleague(academy, login, role="operator"):
    """Open an account with a grant that counts; returns the session's key."""
    now = academy.rt.clock.now()
    async with academy.rt.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}老师", password=hashed(), now=now
        )
        given = await staff.propose(tx, number, Grant(role, ""), by=number, now=now)
        row = update(grants).where(grants.c.id == given)
        await tx.execute(row.values(approved_by=number, approved_at=now))
        return await sessions.start(tx, number, full=True, agent="e2e", now=now)


async def opened(browser, origin, size, *, cookie="", key=""):
    """Open a browser's page; what it complains of is gathered in `faults`."""
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    if cookie:
        await context.add_cookies([{"name": "console", "value": cookie, "url": origin}])
    if key:  # a redirect drops the header: the cookie is for what comes after it
        kept = {"name": "__Host-h5-session", "value": key}
        await context.add_cookies([kept | {"url": origin.replace("http:", "https:")}])
        await context.set_extra_http_headers({"Cookie": f"__Host-h5-session={key}"})
    page = await context.new_page()
    page.set_default_timeout(8000)
    page.origin, page.size, page.faults = origin, size, []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    return page


async def sound(page, name):
    """See that a page fits, is open to everybody, and keep its picture where one is wanted."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name}: {wide} px too wide"
    await page.evaluate(AXE.read_text("utf-8"))
    assert await page.evaluate(RUN_AXE) == [], name
    assert [f for f in page.faults if "status of 4" not in f] == [], name
    await shots.keep(page, f"{name}-{page.size}")


async def claims(mother):
    """See the stars, put a name on the certificate; returns its serial."""
    await mother.goto(f"{mother.origin}/h/mine/stars")
    await mother.get_by_text("再完成 1 次现场课可升二星").wait_for()
    await sound(mother, "stars")
    await mother.get_by_role("link", name="我的学习证").click()
    await mother.get_by_text("一星学习证").wait_for()
    await sound(mother, "certificates")
    await mother.get_by_role("link", name="一星学习证").click()
    await mother.get_by_label("证上写的称呼").fill("刘龑")
    await sound(mother, "certificate-new")
    await mother.get_by_role("button", name="写上称呼").click()
    await mother.get_by_text("没有「龑」").wait_for()
    await sound(mother, "certificate-star")
    await mother.get_by_label("证上写的称呼").fill("刘阿珍")
    await mother.get_by_role("button", name="写上称呼").click()
    await mother.get_by_text("长按图片可以保存或转发").wait_for()
    picture = mother.locator("img.paper-picture")
    await picture.evaluate("e => e.decode()")
    assert await picture.evaluate("e => e.naturalWidth") == 1080
    await sound(mother, "certificate")
    return mother.url.rpartition("/")[2].partition("?")[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_certificate_is_earned_checked_and_revoked(browser, academy, size):
    parent, handset = await academy.phone()
    await academy.finishes(academy.person(parent))
    mother = await opened(browser, academy.house.origin, size, key=handset.key)
    serial = await claims(mother)
    await mother.goto(f"{mother.origin}/h/mine/stars?big=1")
    await sound(mother, "stars-big")

    stranger = await opened(browser, academy.house.origin, size)
    await stranger.goto(f"{stranger.origin}/h/verify")
    await sound(stranger, "verify-form")
    await stranger.get_by_label("编号").fill(serial.lower())
    await stranger.get_by_role("button", name="查一查").click()
    await stranger.get_by_text("刘**").wait_for()
    await stranger.get_by_text("不上网也能查").click()
    await sound(stranger, "verify-valid")
    await stranger.goto(f"{stranger.origin}/h/verify/{serial}?s=changed")
    await stranger.get_by_text("无法验证").wait_for()
    await sound(stranger, "verify-unknown")

    origin = f"http://127.0.0.1:{academy.rt.settings.console_port}"
    chen = await opened(browser, origin, size, cookie=await colleague(academy, "chen"))
    await chen.goto(f"{origin}/console/certificates")
    await sound(chen, "console-list")
    await chen.get_by_label("按编号打开").fill(serial)
    await chen.get_by_role("button", name="打开", exact=True).click()
    await chen.get_by_label("原因").fill("登记时弄错了")
    await sound(chen, "console-one")
    await chen.get_by_role("button", name="提交给第二人").click()
    await chen.get_by_text("等另一位同事同意").wait_for()
    huang = await opened(browser, origin, size, cookie=await colleague(academy, "huang"))
    await huang.goto(f"{origin}/console/certificates")
    await huang.get_by_role("link", name=serial).click()
    await sound(huang, "console-asked")
    await huang.get_by_role("button", name="同意撤销").click()
    await huang.get_by_text("已撤销，验证页会写明原因").wait_for()
    await stranger.goto(f"{stranger.origin}/h/verify/{serial}")
    await stranger.get_by_text("已撤销：登记时弄错了").wait_for()
    await sound(stranger, "verify-revoked")
    await mother.goto(f"{mother.origin}/h/mine/certificates/{serial}")
    await sound(mother, "certificate-revoked")
    for page in (mother, stranger, chen, huang):
        await page.context.close()
