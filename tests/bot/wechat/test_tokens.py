import asyncio
import gc

import pytest

from bot.wechat import errors
from bot.wechat.tokens import MemoryStore, Token, Tokens


class Source:
    """Gives T1, T2, …; waits for `gate`, raises `fails` once."""

    def __init__(self, life_s=7200, values=None):
        self.calls, self.life_s, self.values, self.fails = 0, life_s, values, None
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self):
        self.calls += 1
        await self.gate.wait()
        if self.fails:
            failure, self.fails = self.fails, None
            raise failure
        return self.values[self.calls - 1] if self.values else f"T{self.calls}", self.life_s


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def tokens(source, clock):
    return Tokens(source, clock)


async def test_a_token_is_kept_until_four_minutes_before_its_end(tokens, source, clock):
    assert await tokens.get() == await tokens.get() == "T1"
    clock.turn(seconds=7200 - 241)
    assert await tokens.get() == "T1"
    clock.turn(seconds=2)
    assert await tokens.get() == "T2"
    assert source.calls == 2


async def test_many_callers_share_one_fetch(tokens, source):
    source.gate.clear()
    callers = [asyncio.create_task(tokens.get()) for _ in range(30)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*callers) == ["T1"] * 30
    assert source.calls == 1


async def test_many_callers_with_one_stale_token_share_one_renewal(tokens, source):
    stale = await tokens.get()
    renewed = await asyncio.gather(*[tokens.renew(stale) for _ in range(30)])
    assert renewed == ["T2"] * 30
    assert source.calls == 2


async def test_a_late_complaint_about_an_old_token_fetches_nothing(tokens, source):
    stale = await tokens.get()
    await tokens.renew(stale)
    assert await tokens.renew(stale) == "T2"
    assert source.calls == 2


async def test_a_platform_that_insists_is_not_asked_again_at_once(clock):
    source = Source(values=["T1"] * 9)
    tokens = Tokens(source, clock)
    stale = await tokens.get()
    for _ in range(10):
        assert await tokens.renew(stale) == "T1"
    assert source.calls == 2
    clock.turn(seconds=31)
    await tokens.renew(stale)
    assert source.calls == 3


async def test_a_failure_reaches_all_who_waited_and_is_not_kept(tokens, source):
    source.fails = errors.unreachable("stable_token")
    outcomes = await asyncio.gather(*[tokens.get() for _ in range(5)], return_exceptions=True)
    assert all(isinstance(outcome, errors.Retry) for outcome in outcomes)
    assert source.calls == 1
    assert await tokens.get() == "T2"


async def test_a_caller_who_goes_away_does_not_stop_the_others(tokens, source):
    source.gate.clear()
    first, second = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    source.gate.set()
    assert await second == "T1"


async def test_a_failure_that_nobody_waits_for_is_no_complaint(tokens, source):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))
    source.gate.clear()
    source.fails = errors.unreachable("stable_token")
    only = asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    flight = tokens._flight
    only.cancel()
    await asyncio.wait([only])
    source.gate.set()
    await asyncio.wait([flight])
    del only, flight
    gc.collect()
    assert complaints == []
    assert await tokens.get() == "T2"


async def test_a_second_process_finds_the_stored_token(source, clock):
    store = MemoryStore()
    await Tokens(source, clock, store).get()
    assert await Tokens(source, clock, store).get() == "T1"
    assert source.calls == 1


async def test_a_second_process_finds_the_renewed_token(source, clock):
    store = MemoryStore()
    one, two = Tokens(source, clock, store), Tokens(source, clock, store)
    stale = await one.get()
    assert await two.get() == stale
    assert await one.renew(stale) == await two.renew(stale) == "T2"
    assert source.calls == 2


async def test_a_stored_token_near_its_end_is_replaced(source, clock):
    store = MemoryStore()
    await store.save(Token("OLD", clock.timestamp() + 100))
    assert await Tokens(source, clock, store).get() == "T1"


async def test_a_token_with_a_short_life_is_not_fetched_for_every_call(clock):
    source = Source(life_s=60)
    tokens = Tokens(source, clock)
    assert await tokens.get() == await tokens.get() == "T1"
    clock.turn(seconds=31)
    assert await tokens.get() == "T2"


def test_a_token_is_not_shown():
    assert "T0KEN" not in repr(Token("T0KEN", 1.0))
