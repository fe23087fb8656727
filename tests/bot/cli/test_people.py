"""`bot staff`, `bot audit`, and what `bot init` says of the console."""

import re
import sqlite3

import pytest

from tests.support.process import bot

LINK = re.compile(r"http://127\.0\.0\.1:8082/console/invite\?key=[\w-]{43}")


@pytest.fixture
def folder(tmp_path):
    """A data folder with an empty schema."""
    assert bot(tmp_path, "migrate").returncode == 0
    return tmp_path


def rows(folder, sql):
    with sqlite3.connect(folder / "bot.db") as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def test_a_link_for_the_first_administrator_and_another_in_its_place(folder):
    first, second = (bot(folder, "staff", "link") for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    assert LINK.fullmatch(first.stdout.strip())
    assert first.stdout != second.stdout
    assert rows(folder, "SELECT count(*), kind FROM invitation") == [(1, "setup")]


def test_the_link_names_the_origin_that_browsers_use(folder):
    done = bot(folder, "staff", "link", console_origin="https://console.example.cn")
    assert done.stdout.startswith("https://console.example.cn/console/invite?key=")


def test_who_is_locked_out_gets_a_link_and_may_forget_the_phone(folder):
    with sqlite3.connect(folder / "bot.db") as db:
        db.execute(
            "INSERT INTO staff (login, name, password, totp, created_at)"
            " VALUES ('chen', 'x', 'x', x'00', '2026-01-01')"
        )
    db.close()
    assert bot(folder, "staff", "list").stdout == "1  chen\n"
    kept = bot(folder, "staff", "link", "--reset", "CHEN")
    assert LINK.fullmatch(kept.stdout.strip())
    assert rows(folder, "SELECT totp IS NULL FROM staff") == [(0,)]
    bot(folder, "staff", "link", "--reset", "chen", "--new-phone")
    assert rows(folder, "SELECT totp IS NULL FROM staff") == [(1,)]
    noted = [action for (action,) in rows(folder, "SELECT action FROM audit ORDER BY number")]
    assert noted == ["link.reset", "link.reset", "staff.second_factor_dropped"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reset", "nobody"), "no account in use has the login nobody"),
        (("--new-phone",), "--new-phone needs --reset LOGIN"),
    ],
)
def test_a_link_for_nobody_is_refused_with_a_sentence(folder, words, said):
    done = bot(folder, "staff", "link", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"bot: {said}\n"


def test_the_chain_is_whole_until_somebody_changes_it(folder):
    for _ in range(3):
        bot(folder, "staff", "link")
    whole = bot(folder, "audit", "verify")
    assert (whole.returncode, whole.stdout) == (0, "3 rows, the chain is whole\n")
    with sqlite3.connect(folder / "bot.db") as db:
        db.execute("UPDATE audit SET action = 'logout' WHERE number = 2")
    db.close()
    broken = bot(folder, "audit", "verify")
    assert broken.returncode == 1
    assert broken.stderr == "the chain is broken at row 2\n"
