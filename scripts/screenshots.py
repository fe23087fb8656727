"""Take the README's pictures from a running demo: .venv/bin/python scripts/screenshots.py [URL]."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"


async def say(phone: Locator, words: str) -> None:
    """Type a message on a phone and wait for the answer under it."""
    if not await phone.locator(".words").is_visible():
        await phone.locator("button.toggle").click()
    shown = await phone.locator(".account .bubble").count()
    await phone.locator(".words").fill(words)
    await phone.locator(".words").press("Enter")
    await phone.locator(".account .bubble").nth(shown).wait_for()


async def to_top_of_last_answer(page: Page, phone: Locator) -> None:
    await phone.locator(".own .bubble").last.evaluate("e => e.scrollIntoView({block: 'start'})")
    await page.wait_for_timeout(300)


async def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8081/"
    IMAGES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.goto(url)
        mother, grandmother = (page.locator("section.phone").nth(n) for n in (0, 1))
        for phone in (mother, grandmother):
            await phone.locator("button.primary").first.click()
            await phone.locator(".account .bubble").first.wait_for()
        await say(grandmother, "孫女唔肯食飯點算")
        await say(mother, "孩子写作业总是拖拉怎么办")
        await say(mother, "2")
        await say(mother, "有用")
        await page.screenshot(path=IMAGES / "sandbox.png")
        await say(grandmother, "仔仔做功課好鬼慢點算")
        await to_top_of_last_answer(page, grandmother)
        await grandmother.locator(".case").screenshot(path=IMAGES / "phone-answer.png")
        await say(mother, "女儿说不想活了")
        await to_top_of_last_answer(page, mother)
        await mother.locator(".case").screenshot(path=IMAGES / "phone-crisis.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
