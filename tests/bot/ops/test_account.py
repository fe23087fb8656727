"""The account's settings: the environment wins, the database is sealed, changes are followed."""

import base64

import pytest

from bot import app
from bot.ops import account, wire
from bot.wechat.inbound import Closed, Gate
from tests.support import world

ENVIRONMENT = ("account_id", "app_id", "app_secret", "token", "aes_key")
SET = {
    "account_id": "gh_console000001",
    "app_id": "wxconsole0000001",
    "app_secret": "c" * 32,
    "token": "consoleTOKEN1",
    "aes_key": world.AES_KEY,
    "mode": "compatible",
}


@pytest.fixture
async def bare(settings):
    """A runtime whose environment names no account."""
    await world.prepare(settings)
    emptied = {f"wechat_{name}": "" for name in ENVIRONMENT}
    given = {n: v for n, v in settings.model_dump().items() if n in settings.model_fields_set}
    given.pop("wechat_mode")
    async with app.opened(type(settings)(**(given | emptied))) as rt:
        yield rt


async def save(rt, **values):
    async with rt.db.write() as tx:
        await account.save(tx, rt, values, by="admin")


async def test_what_the_environment_sets_is_fixed_and_wins(settings):
    await world.prepare(settings)
    async with app.opened(settings) as rt:
        await save(rt, token="consoleTOKEN1", previous_token="formerTOKEN")
        held = await account.load(rt)
    assert held["token"] == world.TOKEN
    assert held["previous_token"] == "formerTOKEN"
    assert held.fixed == {*ENVIRONMENT, "mode"}
    assert held.missing == ()


async def test_what_was_saved_is_in_force_after_loading(bare):
    assert account.now(bare).missing == ("account_id", "app_id", "token", "aes_key")
    await save(bare, **SET)
    held = await account.load(bare)
    assert {name: held[name] for name in SET} == SET
    assert held.fixed == frozenset()
    assert held.missing == ()
    assert account.now(bare) is held


async def test_nothing_is_read_again_until_something_has_changed(bare):
    await save(bare, token="consoleTOKEN1")
    held = await account.follow(bare)
    assert await account.follow(bare) is held
    await save(bare, token="consoleTOKEN2")
    assert (await account.follow(bare))["token"] == "consoleTOKEN2"


async def test_an_emptied_value_is_gone(bare):
    await save(bare, previous_token="formerTOKEN")
    await save(bare, previous_token="")
    assert (await account.follow(bare))["previous_token"] == ""


async def test_nothing_is_in_the_database_in_clear(bare):
    await save(bare, **SET)
    async with bare.db.read() as tx:
        rows = (await tx.exec_driver_sql("SELECT * FROM account_setting")).all()
    assert len(rows) == len(SET)
    assert [v for v in SET.values() if v.encode() in b"".join(bytes(r.value) for r in rows)] == []


async def test_another_installations_secrets_are_named_and_count_as_missing(bare):
    await save(bare, **SET)
    bare.code_key = b"another installation's key......"
    held = await account.load(bare)
    assert held.unreadable == set(SET)
    assert held.missing == ("account_id", "app_id", "token", "aes_key")


async def test_who_changed_what_is_known_without_the_values(bare):
    await save(bare, token="consoleTOKEN1")
    async with bare.db.read() as tx:
        (one,) = await account.kept(tx)
    assert (one.name, one.changed_by) == ("token", "admin")
    assert "consoleTOKEN1" not in repr(one)


async def test_no_secret_is_in_the_printed_form(bare):
    await save(bare, **SET)
    assert "consoleTOKEN1" not in repr(await account.load(bare))


async def test_the_gate_is_closed_until_the_account_is_complete(bare):
    assert isinstance(wire.gate(bare), Closed)
    await save(bare, **{n: v for n, v in SET.items() if n != "aes_key"})
    await account.follow(bare)
    assert isinstance(wire.gate(bare), Closed)
    await save(bare, aes_key=world.AES_KEY)
    await account.follow(bare)
    assert isinstance(wire.gate(bare), Gate)


async def test_a_plain_account_needs_no_key(bare):
    await save(bare, **(SET | {"mode": "plain", "aes_key": ""}))
    await account.follow(bare)
    assert isinstance(wire.gate(bare), Gate)


async def test_before_the_schema_is_there_the_environment_counts(settings):
    async with app.opened(settings) as rt:
        assert (await account.load(rt))["token"] == world.TOKEN


def test_made_values_have_the_platforms_form():
    keys, tokens = ({f() for _ in range(50)} for f in (account.make_aes_key, account.make_token))
    assert len(keys) == len(tokens) == 50
    for key in keys:
        opened = base64.b64decode(key + "=")
        assert len(opened) == 32
        assert base64.b64encode(opened).decode() == key + "="
    assert {len(t) for t in tokens} == {32}
    assert all(t.isalnum() and t.isascii() for t in tokens | keys)


async def test_the_callback_url_is_put_together(desk):
    assert account.callback_url(desk.rt, "https://bot.example/") == "https://bot.example/wechat"
