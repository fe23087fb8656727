"""The real files, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

import intents
from intents import crisis_replies
from intents.understand import Understander


@pytest.fixture(scope="session")
def understander() -> Understander:
    return intents.load()


@pytest.fixture(scope="session")
def hotlines() -> dict[str, str]:
    return {name: name.removeprefix("hotline_") for name in crisis_replies.HOTLINES}


@pytest.fixture
def write(tmp_path):
    """Write a file under a temporary folder and return its path."""

    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write
