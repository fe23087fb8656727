"""The first template of certificates, 1080 x 1580 pixels. Never change it: template_1.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.drawing.canvas import Canvas

_WIDTH, _HEIGHT, _INSET = 1080, 1580, 90
_PAPER, _INK, _QUIET, _GREEN, _GOLD = "#fffdf7", "#1f2a24", "#5c665f", "#0b6b43", "#c08a1e"
_SMALL, _TEXT, _LARGE, _TITLE = 28, 36, 60, 92
_STEP = 58
_CODE_MOST = 470


def paint(content: Mapping[str, Any], code: str) -> bytes:
    """Return the picture of a snapshot; `code` are the words of its code."""
    sheet, words = Canvas(_WIDTH, _HEIGHT, _PAPER), _words()
    sheet.frame(28, _GREEN, 6)
    sheet.frame(44, _GOLD, 2)
    sheet.text(words["brand"], 108, _TEXT, _GREEN)
    sheet.text(content["title"], 178, _TITLE, _INK, bold=2)
    _stars(sheet, str(content["rule"]))
    name = words["held"].format(name=content["name"]) if content["name"] else words["nobody"]
    sheet.text(name, 408, _LARGE, _INK)
    sheet.line(500, 250, _GOLD)
    _told(sheet, content, words)
    side = sheet.code(code, 834, _CODE_MOST, _INK)
    below = 834 + side + 18
    sheet.text(words["scan"], below, _SMALL, _QUIET)
    sheet.text(words["serial"].format(serial=content["serial"]), below + 52, _TEXT, _INK)
    day = date.fromisoformat(content["issued"])
    said = words["issued"].format(year=day.year, month=day.month, day=day.day)
    sheet.text(said, below + 112, _SMALL, _INK)
    sheet.text(content["issuer"], below + 154, _SMALL, _INK)
    sheet.text(words["note"], _HEIGHT - 108, _SMALL, _QUIET)
    return sheet.png(code)


def _stars(sheet: Canvas, rule: str) -> None:
    """Draw the stars of a star's certificate, and a rule of gold for a course's."""
    count = int(rule.removeprefix("star-")) if rule.startswith("star-") else 0
    for n in range(count):
        sheet.star(_WIDTH // 2 + round((n - (count - 1) / 2) * 84), 350, 34, _GOLD)
    if not count:
        sheet.line(350, 420, _GOLD, 4)


def _told(sheet: Canvas, content: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Write what was learned, in at most three lines, and the hours."""
    y = 530
    told = words["by"].format(text=content["text"])
    for line in sheet.lines(told, _TEXT, _WIDTH - 2 * _INSET - 60)[:3]:
        sheet.text(line, y, _TEXT, _INK)
        y += _STEP
    sheet.text(words["hours"].format(hours=content["hours"]), 716, _LARGE, _GREEN, bold=1)


@cache
def _words() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return found
