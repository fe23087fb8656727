"""Templates to pages: one escaped environment for the floor and the features."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from bot.clock import GUANGZHOU

_BOT = Path(__file__).parent.parent
_OWN = "h5"
#: A feature's folder of pages for parents; `templates` holds those for the staff.
FOLDER = "h5_templates"
STATIC = Path(__file__).parent / "static"


class Renderer:
    """Made once a process; `names` are the features that may bring templates."""

    def __init__(self, names: Sequence[str]) -> None:
        folders = {_OWN: _BOT / _OWN / "templates"} | {n: _BOT / n / FOLDER for n in names}
        self._environment = Environment(
            loader=PrefixLoader({n: FileSystemLoader(f) for n, f in folders.items() if f.is_dir()}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"moment": moment, "shown": shown}
        self._environment.globals["asset"] = asset

    def page(self, template: str, context: Mapping[str, Any]) -> str:
        """Return a filled template."""
        return self._environment.get_template(template).render(context)


@cache
def asset(path: str) -> str:
    """Return the address of a file of static/, with its content's hash: it may be kept for ever."""
    content = (STATIC / path).read_bytes()
    return f"/h/static/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


def moment(value: datetime | None) -> str:
    """Return an instant in Guangzhou, to the minute."""
    return value.astimezone(GUANGZHOU).strftime("%Y-%m-%d %H:%M") if value else ""


def shown(value: object) -> str:
    """Return a kept value as a person reads it; what is not known is empty."""
    if isinstance(value, datetime):
        return moment(value)
    return "" if value is None else str(value)
