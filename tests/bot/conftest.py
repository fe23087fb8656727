"""A desk on SQLite, and one on each database."""

import io
import sys

import pytest

from bot import logs
from tests.support import world
from tests.support.desk import Desk
from tests.support.office import Office


@pytest.fixture
def sqlite_settings(tmp_path):
    return world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")


@pytest.fixture
async def desk(sqlite_settings):
    """A published base without a wire, on SQLite."""
    async with Desk.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def each_desk(settings):
    """The same on both databases."""
    async with Desk.open(settings) as opened:
        yield opened


@pytest.fixture
async def town(sqlite_settings):
    """A running service with the sandbox around it, on SQLite."""
    async with world.City.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
def logged(monkeypatch):
    """Everything is logged from here on; returns what was, as one text. Ask for it last."""
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    logs.configure(level="debug")
    return lines.getvalue


@pytest.fixture
async def office(sqlite_settings):
    """A console with an administrator, on SQLite."""
    async with Office.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def each_office(settings):
    """The same on both databases."""
    async with Office.open(settings) as opened:
        yield opened
