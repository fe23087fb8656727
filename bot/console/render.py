"""Templates to pages: one escaped environment for all features, their messages and their menu."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bot.clock import GUANGZHOU
from bot.console.forms import said

_BOT = Path(__file__).parent.parent
_NONE = "\N{EN DASH}"
STATIC = Path(__file__).parent / "static"


class Renderer:
    """Made once a process; `names` are the folders below bot/ that bring templates."""

    def __init__(self, names: Sequence[str]) -> None:
        self.messages = _merged(names, "messages.yaml")
        #: What the audit log calls each action.
        self.actions = _merged(names, "audit.yaml")
        folders = {n: _BOT / n / "templates" for n in names}
        self._environment = Environment(
            loader=PrefixLoader({n: FileSystemLoader(f) for n, f in folders.items() if f.is_dir()}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "day": shown_day, "moment": moment, "number": number, "percent": percent,
            "ago": self._ago, "action": self._action,
        }  # fmt: skip
        self._environment.globals |= {
            "asset": asset, "product": self.messages["product"], "say": self.text,
        }  # fmt: skip

    def page(self, template: str, context: Mapping[str, Any]) -> str:
        """Return a filled template."""
        return self._environment.get_template(template).render(context)

    def text(self, key: str, **values: Any) -> str:
        """Return a sentence of messages.yaml."""
        return said(self.messages, key, **values)

    def _action(self, name: str) -> str:
        return self.actions.get(name, name)

    @pass_context
    def _ago(self, context: Context, value: datetime | None) -> str:
        if value is None:
            return ""
        seconds = max(0, int((context["visit"].now - value).total_seconds()))
        for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds >= size:
                return self.text(f"ago.{name}", n=seconds // size)
        return self.text("ago.now")


def _merged(names: Sequence[str], file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        path = _BOT / name / file
        part: dict[str, str] = (
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) if path.exists() else {}
        )
        twice = found.keys() & part.keys()
        assert not twice, f"two features say {sorted(twice)}"
        found |= part
    return found


@cache
def asset(path: str) -> str:
    """Return the address of a file of static/, with its content's hash: it may be kept for ever."""
    content = (STATIC / path).read_bytes()
    return f"/console/static/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


def shown_day(value: date | datetime | None) -> str:
    """Return a day in Guangzhou."""
    if isinstance(value, datetime):
        value = value.astimezone(GUANGZHOU).date()
    return value.isoformat() if value else ""


def moment(value: datetime | None) -> str:
    """Return an instant in Guangzhou, to the minute."""
    return value.astimezone(GUANGZHOU).strftime("%Y-%m-%d %H:%M") if value else ""


def number(value: float | None) -> str:
    """Return a number with its thousands set apart."""
    return _NONE if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """Return a part of one as per cent."""
    return _NONE if value is None else f"{value * 100:.1f}%"
