"""P6 in a browser of 375 px: at the gate in three taps, without a login anybody sees."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.sessions.tables import posters
from tests.e2e.test_week import SIZES, sound, watched
from tests.support import world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.gate import Gate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
TAPS = (
    "addEventListener('click', () => sessionStorage.taps = 1 + +(sessionStorage.taps || 0), true)"
)


@pytest_asyncio.fixture(loop_scope="session")
async def gate(tmp_path):
    """The gate at 17:05; phones reach it without TLS, at the very port it has."""
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", port=port)
    async with Gate.open(given, public_url=f"http://127.0.0.1:{port}") as opened:
        yield opened


@asynccontextmanager
async def wechat(browser, gate, openid):
    """Open the browser inside somebody's WeChat: the platform knows who it is, we do not yet."""
    width, height = SIZES["phone"]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    await context.add_init_script(TAPS)
    cookie = {"name": "sandbox_openid", "value": openid}
    await context.add_cookies([cookie | {"url": gate.house.city.settings.wechat_open}])
    async with watched(context, f"{gate.house.origin}/h", "phone") as page:
        yield page


async def scan(page, gate, session):
    """Tap once: the camera reads the code on the teacher's phone and opens what it says."""
    await page.goto(f"{gate.house.origin}{gate.address(session)}")


async def hung_up(gate, session):
    """Let the session have the code by which the account is followed."""
    row = {"session": session.id, "url": "http://weixin.qq.com/q/02gate"}
    async with gate.rt.db.write() as tx:
        ends = gate.rt.clock.now() + timedelta(days=1)
        await tx.execute(posters.insert().values(row | {"expires_at": ends}))


async def test_p6_who_does_not_follow_has_the_card_after_one_tap_and_follows_with_two(
    browser, gate
):
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    await hung_up(gate, session)
    aunt, _ = gate.stranger()
    async with wechat(browser, gate, aunt.openid) as page:
        await scan(page, gate, session)
        await page.get_by_role("heading", name="已签到 · 0.1 学时").wait_for()
        await page.get_by_text("先说一句看见的").wait_for()
        assert await page.locator("input, form").count() == 0  # nothing to fill in, no login
        await sound(page, "gate-stranger")
        code = page.get_by_alt_text("公众号的二维码")
        assert await code.evaluate("image => image.complete && image.naturalWidth > 100")
        await code.scroll_into_view_if_needed()
        assert await page.evaluate("+(sessionStorage.taps || 0)") == 0
        # a long press, and the button of the platform: the third tap
        told = await aunt.scans(f"session:{session.code}")
        assert "先说一句看见的" in told
        assert "已签到 · 0.1 学时" in told
        assert "同意" not in told
        await page.reload()
        await page.get_by_role("heading", name="已经签到过了").wait_for()
        await sound(page, "gate-again")
    rows = await gate.rows("SELECT openid, way FROM session_check_in")
    assert [tuple(row.values()) for row in rows] == [(aunt.openid, "code")]
    (learned,) = await gate.rows("SELECT kind FROM learning_evidence")
    assert learned["kind"] == "gate"


async def test_p6_a_picture_of_five_minutes_ago_signs_nobody_in(browser, gate):
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    aunt, _ = gate.stranger()
    shot = gate.address(session)
    gate.house.wait(minutes=5)
    async with wechat(browser, gate, aunt.openid) as page:
        await page.goto(f"{gate.house.origin}{shot}")
        await page.get_by_role("heading", name="签到已过期").wait_for()
        await sound(page, "gate-expired")
        await scan(page, gate, session)  # once more, at the teacher's phone
        await page.get_by_role("heading", name="已签到").wait_for()
    assert len(await gate.rows("SELECT 1 FROM session_check_in")) == 1
