"""Sentences for staff: why a message does not push, and what helps; texts in reasons.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.delivery import days
from bot.runtime import Runtime
from bot.wechat import errors

_OF_PLATFORM = ("wechat.", "event.")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words, and the cheapest thing that helps."""

    key: str
    text: str
    remedy: str


def of(rt: Runtime, key: str) -> Reason:
    """Return a reason in words; a code of the platform in the words of its table."""
    if key.startswith(_OF_PLATFORM):
        code = key.partition(".")[2]
        told = errors.classify(int(code), "", "message/send").answer if _is_code(code) else None
        if told is not None:
            return Reason(key, told.meaning, told.remedy)
    said = _table()["reasons"].get(key) or _table()["other"]
    filled = {name: text.format(**_values(rt)) for name, text in said.items()}
    return Reason(key, filled["text"], filled["remedy"])


def known() -> frozenset[str]:
    """Return every key that has words of its own."""
    return frozenset(_table()["reasons"])


def _is_code(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _values(rt: Runtime) -> Mapping[str, Any]:
    return {
        "weekly": rt.settings.weekly_pushes,
        "hours": rt.settings.customer_window_hours,
        "month": days.limits()["mass_a_month"],
    }


@cache
def _table() -> dict[str, Any]:
    text = Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
