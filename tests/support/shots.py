"""Pictures of pages, for the documentation and for one's own eyes: kept where a folder is named."""

import io
import os

from PIL import Image, ImageDraw

#: Where pictures of the pages are put, if anywhere.
FOLDER = os.environ.get("BOT_TEST_SHOTS", "")


async def keep(page, name):
    """Keep a picture of the whole page; a bar of tabs stands at its end, not across its middle."""
    if not FOLDER:
        return
    size = page.viewport_size
    if await page.locator(".tabbar").count():
        whole = await page.evaluate("document.documentElement.scrollHeight")
        await page.set_viewport_size(size | {"height": max(whole, size["height"])})
    await page.screenshot(path=f"{FOLDER}/{name}.png", full_page=True, caret="initial")
    await page.set_viewport_size(size)


def heirloom(size=(1200, 900)):
    """Return a photo, drawn by us: an old sewing machine on a table."""
    image = Image.new("RGB", size, "#f1e3c6")
    draw, unit = ImageDraw.Draw(image), size[0] / 120
    height = size[1] / unit

    def box(colour, left, top, right, bottom):
        shape = [left * unit, (height - top) * unit, right * unit, (height - bottom) * unit]
        draw.rounded_rectangle(shape, unit * 2, fill=colour)

    box("#8a5a34", -5, 22, 125, -5)
    box("#b98a56", -5, 25, 125, 20)
    box("#23302e", 25, 33, 95, 25)
    box("#23302e", 78, 68, 92, 30)
    box("#23302e", 30, 68, 92, 55)
    box("#23302e", 30, 68, 42, 42)
    box("#c9a24a", 46, 64, 74, 59)
    box("#9aa5a2", 35, 44, 37, 32)
    wheel = [90 * unit, (height - 70) * unit, 106 * unit, (height - 52) * unit]
    draw.ellipse(wheel, outline="#c9a24a", width=round(2 * unit))
    made = io.BytesIO()
    image.save(made, "JPEG", quality=88)
    return made.getvalue()
