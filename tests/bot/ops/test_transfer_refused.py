"""What `bot copy` refuses, each in a sentence, and with nothing changed in the source."""

import pytest

from bot import app
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.delivery import freeze
from bot.errors import InvalidInput, StoreAway
from bot.ops import transfer, transfer_checks
from tests.support import rows, sending, world


def test_a_target_with_rows_is_refused_by_the_table_s_name(settings, other_url):
    upgrade(settings.url)
    rows.filled(other_url)
    with pytest.raises(InvalidInput, match="not empty: table access_token has rows"):
        transfer.copy(settings.url, other_url)
    assert rows.fence(settings.url) == []


def test_a_target_with_a_strange_table_is_refused(settings, other_url):
    upgrade(settings.url)
    rows.change(other_url, "CREATE TABLE pupils (id integer)")
    with pytest.raises(InvalidInput, match="it has a table pupils"):
        transfer.copy(settings.url, other_url)


def test_a_target_of_another_revision_is_refused(settings, other_url):
    upgrade(settings.url)
    upgrade(transfer_checks.address(other_url).render_as_string(hide_password=False), to="0011")
    with pytest.raises(InvalidInput, match="the target has the schema 0011"):
        transfer.copy(settings.url, other_url)


def test_a_source_with_a_table_that_nobody_knows_is_refused(settings, other_url):
    upgrade(settings.url)
    rows.change(settings.url, "CREATE TABLE pupils (id integer)")
    with pytest.raises(InvalidInput, match="table pupils is not of this version"):
        transfer.copy(settings.url, other_url)


async def test_while_an_audience_is_frozen_nothing_is_copied(settings, other_url):
    async with sending.opened(settings) as office:
        await office.people(2)
        number = await office.order()
    with pytest.raises(InvalidInput, match=f"broadcast {number} is being frozen"):
        transfer.copy(settings.url, other_url)
    async with app.opened(settings, clock=office.clock) as rt:
        await freeze.freeze(rt, number)
    transfer.copy(settings.url, other_url)


def test_what_does_not_fit_is_said_without_the_words(tmp_path, postgres):
    here = f"sqlite:///{tmp_path}/bot.db"
    rows.filled(here)
    rows.change(here, f"UPDATE follower SET openid = '{'o' * 80}' WHERE changed_s = 7")
    with pytest.raises(StoreAway, match="table follower cannot be copied: value too long") as said:
        transfer.copy(here, postgres())
    assert "ooo" not in str(said.value)
    assert rows.fence(here) == []


async def test_a_process_that_is_connected_is_named(tmp_path, postgres):
    url = postgres()
    upgrade(transfer_checks.address(url).render_as_string(hide_password=False))
    db = Database(world.settings(tmp_path, url).url)
    async with db.read():
        with pytest.raises(InvalidInput, match="1 connections to the database are open"):
            transfer.copy(url, f"sqlite:///{tmp_path}/other.db")
    await db.dispose()


WRONG = {
    "": "not a database URL",
    "somewhere": "not a database URL",
    "mysql://bot@127.0.0.1/bot": "must be sqlite",
    "sqlite://": "must be sqlite",
    "postgresql://bot:secret@127.0.0.1:1/bot": "the target cannot be copied: connection",
    "sqlite:////proc/none/bot.db": "cannot be",
}


@pytest.mark.parametrize("to", WRONG)
def test_a_wrong_target_is_said_in_a_sentence(sqlite_settings, to):
    upgrade(sqlite_settings.url)
    with pytest.raises((InvalidInput, StoreAway), match=WRONG[to]) as caught:
        transfer.copy(sqlite_settings.url, to)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert rows.fence(sqlite_settings.url) == []


def test_a_target_file_that_is_no_database_is_said(sqlite_settings, tmp_path):
    upgrade(sqlite_settings.url)
    (tmp_path / "notes.txt").write_text("no database " * 100)
    with pytest.raises((InvalidInput, StoreAway), match="not a database"):
        transfer.copy(sqlite_settings.url, f"sqlite:///{tmp_path}/notes.txt")


def test_the_database_in_use_is_no_target(sqlite_settings):
    upgrade(sqlite_settings.url)
    with pytest.raises(InvalidInput, match="the database in use"):
        transfer.copy(sqlite_settings.url, sqlite_settings.url)
    aside = sqlite_settings.url.replace("/bot.db", "/data/../bot.db")
    with pytest.raises(InvalidInput, match="the database in use"):
        transfer.copy(sqlite_settings.url, aside)
