"""`bot certificates`: checked offline, keys changed."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from bot.awards import picture, proving
from bot.cli import bot
from bot.errors import InvalidInput
from tests.support.academy import Academy


@pytest.fixture
def made(sqlite_settings, monkeypatch):
    async def make():
        async with Academy.open(sqlite_settings) as academy:
            mother, _ = await academy.phone()
            await academy.finishes(academy.person(mother))
            return await academy.settled(academy.person(mother))

    row = asyncio.run(make())
    monkeypatch.setattr("bot.settings.load", lambda: sqlite_settings)
    return row


def run(*words, answer=None):
    return CliRunner().invoke(bot, ["certificates", *words], catch_exceptions=False, input=answer)


def test_a_certificate_is_checked_offline_and_by_its_picture(made, tmp_path):
    code = proving.packed(made.snapshot, made.signature)
    done = run("check", code)
    assert done.exit_code == 0
    assert made.serial in done.output
    assert "刘阿珍" in done.output
    path = tmp_path / "certificate.png"
    path.write_bytes(picture.paint(made.snapshot, made.signature))
    assert "genuine" in run("check", str(path)).output
    with pytest.raises(InvalidInput):
        run("check", code.replace(made.serial, "GZ-2026-1111111"))

    listed = run("keys").output
    assert made.key in listed
    saved = tmp_path / "keys.json"
    public = listed.split()[1]
    saved.write_text(json.dumps({"keys": [{"id": made.key, "public": public}]}), "utf-8")
    assert "genuine" in run("check", code, "--keys", str(saved)).output
    saved.write_text("{}", "utf-8")
    with pytest.raises(InvalidInput):
        run("check", code, "--keys", str(saved))

    assert run("rotate", answer="n\n").exit_code != 0
    assert "signed by" in run("rotate", "--yes").output
    assert "genuine" in run("check", code).output
    assert len(run("keys").output.splitlines()) == 2
