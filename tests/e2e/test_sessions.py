"""S3, P6 with browsers: a session is made, its code shown, signed up for, signed in at."""

import re

import pytest
import pytest_asyncio

from tests.e2e.test_week import CHROMIUM, SIZES, colleague, phone, seat, sound
from tests.support import world
from tests.support.chromium import free_port
from tests.support.gate import Gate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def gate(tmp_path):
    port = free_port()
    given = world.settings(
        tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=port,
    )  # fmt: skip
    async with Gate.open(given, at="2026-11-26 15:00") as opened:
        await colleague(opened, "founder", "admin")
        yield opened


async def makes(chen):
    """Make a session at the console and publish it."""
    await chen.goto(f"{chen.origin}/sessions")
    await sound(chen, "sessions-empty")
    await chen.goto(f"{chen.origin}/sessions/new?kind=gate")
    await chen.get_by_label(re.compile("^由谁办")).select_option("gz/tianhe/shifan/shifan-1")
    for label, text in (
        ("标题", "放学第一句话说什么"), ("地点", "示范一小 东门"), ("日期", "2026-11-26"),
        ("开始", "17:00"), ("结束", "18:00"), ("给家长看的说明", "先说一句看见的，再问好玩的事。"),
    ):  # fmt: skip
        await chen.get_by_label(re.compile(rf"^{label}\*?$")).fill(text)
    await sound(chen, "session-new")
    await chen.get_by_role("button", name="建草稿").click()
    await chen.get_by_text("草稿已建好").wait_for()
    await chen.get_by_role("button", name="发布").click()
    await chen.get_by_text("已发布，家长看得到").wait_for()
    await sound(chen, "session")


async def enters(door, digits):
    """Check a parent in by the pass, and count three in who have no phone."""
    await door.get_by_label("6 位数字").fill(digits)
    await door.get_by_role("button", name="签到", exact=True).click()
    await door.get_by_text("已签到。").wait_for()
    await door.get_by_label("几个人").fill("3")
    await door.get_by_label(re.compile("^原因")).fill("三位老人没有带手机")
    await door.get_by_role("button", name="补签").click()
    await door.get_by_text("已补签").wait_for()
    await sound(door, "door-made-up")


@pytest.mark.parametrize("size", SIZES)
async def test_a_session_from_the_plan_to_the_gate(browser, gate, size):
    _, handset = await gate.phone(in_class=True)
    async with (
        seat(browser, gate, "chen", size) as chen,
        phone(browser, gate, size, key=handset.key) as mother,
    ):
        await makes(chen)
        (row,) = await gate.rows("SELECT id FROM session")
        session = await gate.row(row["id"])
        await mother.goto(f"{mother.origin}/sessions")
        await sound(mother, "h5-sessions")
        await mother.get_by_role("link", name=re.compile("放学第一句话")).click()
        await sound(mother, "h5-session")
        await mother.get_by_role("button", name="报名").click()
        await mother.get_by_text("报上名了").wait_for()
        await sound(mother, "h5-session-going")
        gate.house.wait(minutes=105)
        async with (
            seat(browser, gate, "lin", size) as door,
        ):
            await door.goto(f"{door.origin}/sessions/{session.id}/door")
            await door.locator(".door-code img").wait_for()
            await sound(door, "door")
            before = await door.locator(".door-code img").get_attribute("src")
            _, late = await gate.phone("mother2", in_class=True)
            async with phone(browser, gate, size, key=late.key) as parent:
                await parent.goto(f"{gate.house.origin}{gate.address(session)}")
                await parent.get_by_text("已签到 · 0.1 学时").first.wait_for()
                await sound(parent, "h5-gate")
                await door.get_by_text(re.compile("^1 人$")).wait_for()
                old = gate.address(session)
                gate.house.wait(minutes=5)
                await door.wait_for_function(
                    "was => document.querySelector('.door-code img')?.src !== was", arg=before
                )
                await parent.goto(f"{parent.origin}/sessions/{session.code}?big=1")
                await sound(parent, "h5-session-there-big")
                _, third = await gate.phone("mother3", in_class=True)
            async with phone(browser, gate, size, key=third.key) as parent:
                await parent.goto(f"{gate.house.origin}{old}")
                await parent.get_by_text("签到已过期").first.wait_for()
                await sound(parent, "h5-gate-expired")
                await parent.goto(f"{parent.origin}/sessions/{session.code}")
                await parent.get_by_role("button", name="出示我的签到码").click()
                digits = await parent.locator(".pass-digits").inner_text()
                await sound(parent, "h5-pass")
            await enters(door, digits)
            await door.goto(f"{door.origin}/sessions/{session.id}/poster")
            await sound(door, "poster-none")
            await door.goto(f"{door.origin}/sessions")
            await sound(door, "sessions")
    (counted,) = await gate.rows("SELECT count, reason FROM session_makeup")
    assert counted["count"] == 3
