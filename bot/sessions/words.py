"""texts.yaml: what parents are sent about a session, and what its kinds are called."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def texts() -> dict[str, Any]:
    """Read texts.yaml."""
    path = Path(__file__).with_name("texts.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def kinds() -> dict[str, str]:
    """Return what each kind of session is called."""
    found: dict[str, str] = texts()["kinds"]
    return found
