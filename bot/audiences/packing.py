"""The codes of a school as one archive of pictures, named so that they find their doors."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.console import picture
from bot.org import grades
from bot.org.tree import Unit
from bot.people.code_tables import Code
from bot.spreadsheet.writing import MADE

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """One code to be printed: `title` stays right for years, `today` is what it is called now."""

    title: str
    today: str
    code: Code


def sheet(unit: Unit, code: Code, today: date) -> Sheet:
    """Return what stands on a printed code; a class is called by its cohort."""
    if unit.kind != "class" or unit.entry_year is None:
        return Sheet(unit.label(today), "", code)
    words = grades.words()
    stage = words.stages.get(unit.stage or "", "")
    cohort = words.labels["cohort"].format(year=unit.entry_year)
    number = words.labels["number"].format(number=unit.number)
    return Sheet(f"{stage}{cohort}{number}", unit.label(today), code)


def archive(school: str, sheets: Iterable[Sheet]) -> bytes:
    """Return the pictures as a ZIP; equal codes give an equal file."""
    out, used = io.BytesIO(), set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for one in sheets:
            named = f"{one.title}\uff08{one.today}\uff09" if one.today else one.title
            name = _free(f"{_safe(school)}-{_safe(named)}" if one.today else _safe(named), used)
            member = zipfile.ZipInfo(f"{name}.png", MADE.timetuple()[:6])
            member.external_attr = 0o644 << 16
            packed.writestr(member, picture.png(one.code.url))
    return out.getvalue()


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip(". ")[:_NAME_MAX] or "-"


def _free(name: str, used: set[str]) -> str:
    found, n = name, 1
    while found in used:
        n += 1
        found = f"{name}-{n}"
    used.add(found)
    return found
