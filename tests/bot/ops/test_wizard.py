"""The service without an account: it runs, refuses every push, and takes an account over live."""

import pytest

from bot import app, web
from bot.ops import account
from tests.support import wire, world
from tests.support.waiting import until
from tests.support.world import City

NONE = {f"wechat_{n}": "" for n in ("account_id", "app_id", "app_secret", "token", "aes_key")}
FULL = {
    "account_id": world.ACCOUNT,
    "app_id": "wxcity0000000001",
    "app_secret": "s" * 32,
    "token": world.TOKEN,
    "aes_key": world.AES_KEY,
    "mode": "safe",
}


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(web, "FOLLOW_S", 0.02)


@pytest.fixture
async def empty(often, settings):
    """A city whose two services know no account."""
    given = settings.model_dump(include=settings.model_fields_set) | NONE
    given.pop("wechat_mode")
    async with City.open(type(settings)(**given), services=2) as city:
        yield city


async def save(city, **values):
    async with app.opened(city.settings) as rt, rt.db.write() as tx:
        await account.save(tx, rt, values, by="admin")


async def answers(city):
    """Say whether both services answer a new parent."""
    parents = [city.parent() for _ in city.ports]
    for parent in parents:
        await parent.follows()
        await parent.says("谢谢")
    statuses = {a.status for p in parents for d in p.deliveries for a in d.attempts}
    return statuses == {200} and all("不客气" in p.chat[-1] for p in parents)


async def test_without_an_account_every_push_is_refused_and_the_service_is_well(empty):
    for parent in (empty.parent(), empty.parent()):
        await parent.follows()
        assert {a.status for a in parent.deliveries[-1].attempts} == {403}
    for port in empty.ports:
        health = await wire.exchange(port, wire.request("", method="GET", path="/healthz"))
        assert (health.status, health.body) == (200, b'{"database": "ok"}')
        check = await wire.exchange(port, wire.request("echostr=1", method="GET"))
        assert check.status == 403


async def test_every_replica_takes_the_account_over_without_a_restart(empty):
    await save(empty, **FULL)
    await until(lambda: answers(empty))


async def test_a_changed_token_is_taken_over_and_the_former_one_is_refused(empty):
    await save(empty, **FULL)
    await until(lambda: answers(empty))
    await save(empty, token="freshTOKEN2026")

    async def refused():
        parents = [empty.parent() for _ in empty.ports]
        for parent in parents:
            await parent.follows()
        return all({a.status for a in p.deliveries[-1].attempts} == {403} for p in parents)

    await until(refused)
    empty.platform.config = empty.platform.config.changed({"token": "freshTOKEN2026"})
    assert await answers(empty)


async def test_calls_are_made_for_the_new_account(empty):
    await save(empty, **(FULL | {"app_secret": "w" * 32}))
    async with app.opened(empty.settings) as rt, app.reachable(rt):
        gateway = await rt.connect()
        assert await rt.connect() is gateway
        await save(empty, app_secret="s" * 32)
        other = await rt.connect()
        assert other is not gateway
        assert await other.token_check()
