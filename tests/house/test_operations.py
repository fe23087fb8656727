"""Every setting is described for the person who runs the service, with its real default."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(BOT_[A-Z_]+)` \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows():
    found = ROW.findall((ROOT / "docs" / "operations.md").read_text(encoding="utf-8"))
    assert len({name for name, *_ in found}) == len(found)
    return {name: rest for name, *rest in found}


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_setting_is_described(rows, field):
    name = f"BOT_{field.upper()}"
    assert name in rows, f"describe {name} in docs/operations.md"
    assert all(rows[name])


@pytest.mark.parametrize("field", Settings.model_fields)
def test_the_default_named_is_the_default(rows, field):
    default = Settings.model_fields[field].default
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    written = str(value).lower() if isinstance(value, bool) else str(value)
    assert rows[f"BOT_{field.upper()}"][0] == (f"`{written}`" if written else "(empty)")


def test_nothing_is_described_that_is_no_setting(rows):
    assert {n.removeprefix("BOT_").lower() for n in rows} == set(Settings.model_fields)


@pytest.mark.parametrize("name", ["deploy/env.example", "deploy/compose.yaml"])
def test_the_examples_name_real_settings(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\bBOT_[A-Z_]+\b", text))
    known = {f"BOT_{field.upper()}" for field in Settings.model_fields}
    assert named
    assert {n for n in named if not n.startswith("BOT_TEST_")} <= known
