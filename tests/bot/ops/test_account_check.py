"""The live check of AppID and AppSecret: each refusal of the platform has its plain sentence."""

from datetime import timedelta

import pytest

from bot import app
from bot.clock import HandClock, SystemClock
from bot.ops import platform_checks
from tests.support import world

STABLE, CALL = "/cgi-bin/stable_token", "/cgi-bin/getcallbackip"
GOOD = {"app_id": "wxcity0000000001", "app_secret": "s" * 32}


@pytest.fixture
async def platform():
    async with world.pretended() as (state, address):
        state.address = address
        yield state


@pytest.fixture
async def rt(platform, sqlite_settings):
    given = sqlite_settings.model_copy(update={"wechat_api": platform.address})
    await world.prepare(given)
    async with app.opened(given) as made:
        yield made


async def first(rt, **values):
    return (await platform_checks.check(rt, GOOD | values))[0]


async def test_right_values_are_said_to_be_right_and_leave_no_trace(rt):
    found, clock = await platform_checks.check(rt, GOOD)
    assert (found.key, found.verdict, clock.key) == ("account.ok", "ok", "clock.ok")
    async with rt.db.read() as tx:
        assert (await tx.exec_driver_sql("SELECT * FROM access_token")).all() == []


async def test_a_wrong_secret_and_a_wrong_id(rt):
    assert (await first(rt, app_secret="w" * 32)).key == "account.40125"
    assert (await first(rt, app_id="wxunknown")).key == "account.40013"


async def test_an_address_outside_the_whitelist_is_shown(rt, platform):
    platform.faults.add({"kind": "error", "path": STABLE, "code": 40164, "times": 0})
    found = await first(rt)
    assert (found.key, found.verdict) == ("account.40164", "fail")
    assert found.values == {"address": "203.0.113.7"}
    assert "203.0.113.7" in found.sentence("zh")
    assert "白名单" in found.sentence("zh")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "error", "path": STABLE, "code": 40001}, "account.40001"),
        ({"kind": "error", "path": CALL, "code": 40001}, "account.40001"),
        ({"kind": "error", "path": STABLE, "code": 40243}, "account.40243"),
        ({"kind": "error", "path": CALL, "code": 48001}, "account.refused"),
        ({"kind": "error", "path": STABLE, "code": 45009}, "account.refused"),
        ({"kind": "status", "path": STABLE, "status": 502}, "account.no_answer"),
        ({"kind": "drop", "path": STABLE}, "account.no_answer"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
async def test_each_refusal_has_a_key_and_sentences(rt, platform, fault, key):
    platform.faults.add(fault | {"times": 0})
    found = await first(rt)
    assert (found.key, found.verdict) == (key, "fail")
    assert found.sentence("en")
    assert found.sentence("zh")


async def test_a_silent_platform_and_none_at_all(rt, platform):
    platform.faults.add({"kind": "slow", "path": STABLE, "seconds": 5, "times": 0})
    rt.settings = rt.settings.model_copy(update={"wechat_timeout_s": 0.2})
    assert (await first(rt)).key == "account.no_answer"
    rt.settings = rt.settings.model_copy(update={"wechat_api": "http://127.0.0.1:1"})
    (found,) = await platform_checks.check(rt, GOOD)
    assert found.key == "account.unreachable"


async def test_a_wrong_clock_is_told_beside(rt):
    rt.clock = HandClock(SystemClock().now() + timedelta(minutes=20))
    found, clock = await platform_checks.check(rt, GOOD)
    assert (found.key, clock.key, clock.verdict) == ("account.ok", "clock.wrong", "fail")
    assert clock.values["skew"].startswith("+1")


async def test_without_both_values_nothing_is_asked(rt):
    rt.settings = rt.settings.model_copy(update={"wechat_app_secret": ""})
    (found,) = await platform_checks.check(rt, {"app_id": "wx1"})
    assert found.key == "account.incomplete"
