"""What the privacy page says: everything that is kept, with the times in force, in one version."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot import app  # noqa: F401 - every feature's tables are known
from bot.db.base import metadata
from bot.h5 import privacy
from bot.people.families import consents
from intents import understand

ROOT = Path(__file__).parents[3]
#: Named in docs/privacy.md, about nobody: answer times, and the account's own token and ticket.
NOBODY = {"latency", "access_token", "platform_ticket"}


def documented():
    """Return the tables that the operators' description says are kept."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    part = text.split("## What is kept")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in part.splitlines() if line.startswith("| ")]
    return {name for cell in rows for name in re.findall(r"`(\w+)`", cell)} & set(metadata.tables)


def told(settings):
    return [name for field in privacy.fields(settings) for name in field.tables]


def test_every_table_with_personal_data_is_told(sqlite_settings):
    named = documented()
    assert len(named) > 15
    assert named - NOBODY - set(told(sqlite_settings)) == set()


def test_nothing_is_told_that_is_not_kept_or_told_twice(sqlite_settings):
    tables = told(sqlite_settings)
    assert set(tables) <= set(metadata.tables)
    assert len(tables) == len(set(tables))
    assert set(tables) <= documented()


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_that_names_a_parent_is_told(sqlite_settings, table):
    names_parent = {"openid", "asker"} & set(metadata.tables[table].c.keys())
    assert not names_parent or table in told(sqlite_settings)


def test_the_version_is_the_day_of_the_text_and_fits_a_consent():
    assert date.fromisoformat(privacy.version()).isoformat() == privacy.version()
    assert len(privacy.version()) <= consents.c.version.type.length


def test_the_times_are_those_in_force(sqlite_settings):
    given = sqlite_settings.model_copy(update={"inbox_hours": 30, "decision_days": 7})
    kept = {field.tables[0]: field.keep for field in privacy.fields(given)}
    assert kept["inbox"] == "30 小时"
    assert kept["decision"] == "7 天"


async def test_the_page_tells_all_of_it(house):
    page = await house.get("/h/privacy")
    said = privacy.words()
    for field in privacy.fields(house.city.settings):
        assert all(words in page.text for words in (field.title, field.what, field.keep))
    for section in said["sections"]:
        assert all(line in page.text for line in section["text"])
    for word in ("不满 14 岁", "35 天", "人工", "谁看过我", "删除我", "退订", said["version"]):
        assert word in page.text


@pytest.mark.parametrize("row", privacy.words()["rights"], ids=lambda row: row["say"])
def test_what_parents_are_told_to_say_is_understood(row):
    understander = understand.load()
    known = {"不要按我的情况推荐": "personal_off", "不参与研究": "research_off"}
    found = understander.understand(row["say"]).intent
    wanted = known.get(row["say"])
    if wanted in understander.catalogue.intents or wanted is None:
        assert found != "ask_question"


async def test_the_chat_and_the_menu_give_the_page(house):
    parent = await house.parent()
    link = '<a href="https://bot.example.cn/h/privacy">'
    assert link in await parent.says("隐私")
    tapped = {"MsgType": "event", "Event": "CLICK", "EventKey": "PRIVACY"}
    assert link in await parent.pushes(**tapped)
