"""Everything kept about one parent: read feature by feature, and packed to be taken away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.console import sheets
from bot.h5.render import shown
from bot.people.families import Person
from bot.people.kept import Kept
from bot.runtime import Runtime


async def gather(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what every feature keeps of this parent; kinds without a row are there, too."""
    found: list[Kept] = []
    for export in rt.exporters:
        found += await export(rt, tx, person)
    names = [kind.name for kind in found]
    assert len(set(names)) == len(names), f"two features keep {sorted(names)}"
    return tuple(found)


def packed(kinds: Sequence[Kept], readme: str, now: datetime) -> bytes:
    """Return one ZIP: data.json, a CSV a kind, and what all of it is."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {"readme.txt": readme.encode(), "data.json": _as_json(kinds, now)}
        for kind in kinds:
            cells = ([shown(value) for value in row] for row in kind.rows)
            files[f"{kind.name}.csv"] = sheets.as_csv(kind.columns, cells)
        for name, content in files.items():
            archive.writestr(_entry(name, now), content)
    return written.getvalue()


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, now.astimezone(GUANGZHOU).timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _as_json(kinds: Sequence[Kept], now: datetime) -> bytes:
    data = {
        "made_at": _plain(now),
        "kinds": [
            {
                "name": kind.name,
                "title": kind.title,
                "kept_days": kind.days,
                "rows": [
                    {c: _plain(value) for c, value in zip(kind.columns, row, strict=True)}
                    for row in kind.rows
                ],
            }
            for kind in kinds
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _plain(value: object) -> object:
    return value.astimezone(GUANGZHOU).isoformat() if isinstance(value, datetime) else value
