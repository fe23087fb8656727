"""`scripts/bench certificates`: how long a certificate's picture takes, beside its ingredients.

The peers do a part of the same work in the same run: a QR code of the same words saved by segno
itself, and a sheet of the same size with the same lines of text by Pillow alone, in RGB.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import segno  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402

from bot.awards import picture, proving, signing  # noqa: E402
from bot.drawing import canvas  # noqa: E402

ROUNDS = 60
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CONTENT = {
    "about": "2026—2027 学年", "hours": "6.4", "issued": "2026-12-01", "key": "0123456789abcdef",
    "issuer": "羊城家校社共育助手", "minutes": 290, "name": "刘阿珍", "period": "2026-2027",
    "rule": "star-3", "rules": "2026-12", "serial": "GZ-2026-7K3QXMC", "template": 1,
    "text": "2026—2027 学年内学完 2 门课程、完成 2 次现场课、做完 5 次家庭练习",
    "title": "三星学习证", "url": "https://bot.example.cn/h/verify",
}  # fmt: skip
SNAPSHOT = signing.canonical(CONTENT)
SIGNATURE = signing.sign(PRIVATE, SNAPSHOT)
FONT = ROOT / "bot" / "drawing" / "font" / "noto-sans-sc.woff2"


def ours() -> int:
    """Snapshot to PNG, as the page sends it."""
    return len(picture.paint(SNAPSHOT, SIGNATURE))


def printed() -> int:
    """The same as PDF, A4 at 300 dots an inch."""
    return len(canvas.on_a4(picture.paint(SNAPSHOT, SIGNATURE)))


def code() -> int:
    """Segno alone: a QR code of the same words to PNG, 5 pixels a dot."""
    file = io.BytesIO()
    segno.make_qr(proving.packed(SNAPSHOT, SIGNATURE), error="l").save(file, kind="png", scale=5)
    return len(file.getvalue())


def plain(fonts: dict[int, ImageFont.FreeTypeFont]) -> int:
    """Pillow alone: the same size, as many lines of text, no code; saved as RGB."""
    image = Image.new("RGB", (1080, 1580), "#fffdf7")
    draw = ImageDraw.Draw(image)
    for n, size in enumerate((36, 92, 60, 36, 36, 60, 28, 36, 28, 28, 28)):
        draw.text((540, 100 + 120 * n), CONTENT["text"][:14], "#1f2a24", fonts[size], anchor="ma")
    file = io.BytesIO()
    image.save(file, "PNG")
    return len(file.getvalue())


def signed() -> int:
    return len(signing.sign(PRIVATE, SNAPSHOT))


def proven() -> int:
    public = signing.b64(PRIVATE.public_key().public_bytes_raw())
    assert signing.is_signed(public, SNAPSHOT, SIGNATURE)
    return 0


def took(work: Callable[[], int], rounds: int) -> dict[str, float]:
    """Return milliseconds of a call: median, what 95 of 100 stay below, processor time; and bytes.

    Processor time says more than the clock on a machine that does other things as well.
    """
    times, spent, size = [], [], 0
    for _ in range(rounds):
        begin, used = time.perf_counter(), time.process_time()
        size = work()
        times.append(1000 * (time.perf_counter() - begin))
        spent.append(1000 * (time.process_time() - used))
    return {
        "median": statistics.median(times),
        "cpu": statistics.median(spent),
        "p95": statistics.quantiles(times, n=20)[-1],
        "bytes": size,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    begin = time.perf_counter()
    ours()
    first = 1000 * (time.perf_counter() - begin)
    fonts = {n: ImageFont.truetype(str(FONT), n) for n in (28, 36, 60, 92)}
    found = {
        "picture": took(ours, options.rounds),
        "segno alone": took(code, options.rounds),
        "Pillow alone": took(lambda: plain(fonts), options.rounds),
        "PDF": took(printed, max(3, options.rounds // 6)),
        "sign": took(signed, options.rounds * 10),
        "verify": took(proven, options.rounds * 10),
    }
    if options.json:
        print(json.dumps({"first": first, **found}))
        return
    print(f"{platform.python_version()}, {os.cpu_count()} cores, Pillow {version('pillow')}, "
          f"segno {version('segno')}; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"first picture of a process (reads the font): {first:.0f} ms\n")
    print("| what | median ms | p95 ms | processor ms | bytes |\n|---|---|---|---|---|")
    for name, one in found.items():
        figures = f"{one['median']:.2f} | {one['p95']:.2f} | {one['cpu']:.2f} | {one['bytes']:.0f}"
        print(f"| {name} | {figures} |")


if __name__ == "__main__":
    main()
