"""A bureau that prepares a publicity week, and the week as parents meet it."""

from datetime import UTC, datetime

import pytest

from bot import app
from bot.clock import HandClock
from tests.support.fair import Fair
from tests.support.office import Office

#: Two weeks before the week of 2027 (10 to 16 May), in the morning in Guangzhou.
SPRING = datetime(2027, 4, 26, 1, tzinfo=UTC)
OPERATOR = ("operator", "", "")


@pytest.fixture
async def bureau(sqlite_settings):
    async with Office.open(sqlite_settings, clock=HandClock(SPRING)) as opened:
        await opened.units()
        yield opened


@pytest.fixture
async def each_bureau(settings):
    """The same on both databases."""
    async with Office.open(settings, clock=HandClock(SPRING)) as opened:
        await opened.units()
        yield opened


@pytest.fixture
def drafts(monkeypatch):
    """What a feature of campaigns would be handed; ask for it before the bureau."""
    made = []

    async def draft(rt, tx, actor, wish):
        made.append(wish)
        return f"campaign:{len(made)}"

    opened = app.opened

    def with_campaigns(*given, **named):
        context = opened(*given, **named)

        class Opened:
            async def __aenter__(self):
                rt = await context.__aenter__()
                rt.draft_campaign = draft
                return rt

            async def __aexit__(self, *error):
                return await context.__aexit__(*error)

        return Opened()

    monkeypatch.setattr(app, "opened", with_campaigns)
    return made


@pytest.fixture
async def fair(sqlite_settings):
    """The week as parents meet it, on its first day, without a plan yet."""
    async with Fair.open(sqlite_settings) as opened:
        yield opened


@pytest.fixture
async def each_fair(settings):
    """The same on both databases."""
    async with Fair.open(settings) as opened:
        yield opened
