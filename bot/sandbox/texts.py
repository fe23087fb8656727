"""The Chinese sentences that simulated users and developers read, from texts.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def load(name: str = "texts.yaml") -> dict[str, Any]:
    """Return one of the sandbox's YAML files; it is read once."""
    data: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return data


@cache
def marketing_words() -> tuple[str, ...]:
    """Return the words no template message may carry here."""
    return tuple(yaml.safe_load((HERE / "marketing_words.yaml").read_text(encoding="utf-8")))


def say(key: str, **values: object) -> str:
    """Return the sentence under a key with its values filled in."""
    return str(load()[key]).format(**values)


def finding(code: str, **values: object) -> str:
    """Return the sentence that explains a finding about a reply."""
    return str(load()["findings"][code]).format(**values)
