"""One access token for all processes on a database."""

import asyncio
from datetime import timedelta

import pytest

from bot.clock import HandClock
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.delivery.tokens import SharedTokens
from bot.wechat.tokens import Token
from tests.support.desk import MORNING


@pytest.fixture
async def stores(settings):
    """The stores of two processes."""
    upgrade(settings.url)
    clock = HandClock(MORNING)
    one, two = Database(settings.url), Database(settings.url)
    yield SharedTokens(one, clock, "wx1"), SharedTokens(two, clock, "wx1"), one
    await one.dispose()
    await two.dispose()


def token(value="t", **lasts):
    return Token(value, (MORNING + timedelta(**(lasts or {"hours": 2}))).timestamp())


async def test_an_empty_store_has_no_token(stores):
    assert await stores[0].load() is None


async def test_what_one_process_saves_the_other_finds(stores):
    one, two, _ = stores
    await one.save(token("first"))
    assert await two.load() == token("first")
    await two.save(token("second", hours=3))
    assert await one.load() == token("second", hours=3)


async def test_accounts_have_tokens_of_their_own(stores):
    one, _, db = stores
    other = SharedTokens(db, HandClock(MORNING), "wx2")
    await one.save(token("first"))
    assert await other.load() is None
    await other.save(token("other"))
    assert (await one.load()).value == "first"


async def test_saving_at_once_leaves_one_of_them(stores):
    one, two, _ = stores
    values = [f"t{n}" for n in range(40)]
    await asyncio.gather(*((one, two)[n % 2].save(token(v)) for n, v in enumerate(values)))
    kept = await one.load()
    assert kept.value in values
    assert kept == await two.load()


async def test_the_lock_lets_one_renew_at_a_time(stores):
    one, _, _ = stores
    inside = []

    async def renew():
        async with one.lock():
            inside.append(1)
            await asyncio.sleep(0)
            assert len(inside) == 1
            inside.pop()

    await asyncio.gather(*(renew() for _ in range(10)))
