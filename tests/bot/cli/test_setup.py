"""`bot init` and `bot doctor`: what is prepared, what changes, what is wrong."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from bot.db import revisions
from bot.settings import load
from knowledge import files
from knowledge.entry import Status
from knowledge.topics import CONTENT
from tests.support.process import account, bot


@pytest.fixture
def content(tmp_path):
    """The entry files of two topics, to be changed."""
    for topic in ("study.reading", "media.phone"):
        shutil.copytree(CONTENT / topic, tmp_path / "content" / topic)
    for file in (tmp_path / "content").rglob("*.md"):
        words = re.sub(r"^related:.*$", "related: []", file.read_text("utf-8"), flags=re.MULTILINE)
        file.write_text(words, encoding="utf-8")
    return tmp_path / "content"


def test_the_first_time_publishes_and_the_second_changes_nothing(tmp_path, content):
    number = sum(entry.status is Status.PUBLISHED for entry in files.load(content))
    first = bot(tmp_path, "init", "--content", str(content))
    assert (first.returncode, first.stderr) == (0, "")
    published, organisation, directory, courses, console = first.stdout.splitlines()[-5:]
    assert published.endswith(f"{number} new, 0 changed, 0 removed, 0 unchanged")
    assert organisation == "organisation: 12 units added"
    assert directory == "directory: 12 centres added, to be verified"
    assert courses == "courses: 12 new, 0 in a new version, 0 unchanged"
    assert re.fullmatch(
        r"console: http://127\.0\.0\.1:8082/console/invite\?key=\S+ \(.*\)", console
    )
    again = bot(tmp_path, "init", "--content", str(content))
    assert again.returncode == 0
    same, fresh = again.stdout.splitlines()
    assert same == f"nothing changed: 0 new, 0 changed, 0 removed, {number} unchanged"
    assert fresh.startswith("console: ")
    assert fresh != console


def test_with_an_administrator_no_link_is_printed(tmp_path, content):
    bot(tmp_path, "init", "--content", str(content))
    with sqlite3.connect(tmp_path / "bot.db") as db:
        db.execute(
            "INSERT INTO staff (id, login, name, password, created_at)"
            " VALUES (1, 'chen', 'x', 'x', '2026-01-01')"
        )
        db.execute(
            "INSERT INTO staff_grant (staff, role, area, topic, given_by, given_at, approved_at)"
            " VALUES (1, 'admin', '', '', 1, '2026-01-01', '2026-01-01')"
        )
    db.close()
    again = bot(tmp_path, "init", "--content", str(content))
    assert again.stdout.startswith("nothing changed")
    assert "console" not in again.stdout


def test_a_change_is_named_and_a_dry_run_leaves_it(tmp_path, content):
    bot(tmp_path, "init", "--content", str(content))
    file = content / "study.reading" / "choose-books.md"
    file.write_text(file.read_text("utf-8").replace("summary: ", "summary: 新"), encoding="utf-8")
    (content / "study.reading" / "not-like-reading.md").unlink()
    dry = bot(tmp_path, "init", "--content", str(content), "--dry-run")
    assert dry.stdout.splitlines()[:2] == [
        "~ study.reading.choose-books",
        "- study.reading.not-like-reading",
    ]
    assert "dry run: 0 new, 1 changed, 1 removed" in dry.stdout
    wet = bot(tmp_path, "init", "--content", str(content))
    assert "published as " in wet.stdout
    assert "0 new, 1 changed, 1 removed" in wet.stdout


def test_a_broken_entry_file_is_named_and_nothing_is_published(tmp_path, content):
    file = content / "study.reading" / "choose-books.md"
    file.write_text("no front matter", encoding="utf-8")
    done = bot(tmp_path, "init", "--content", str(content))
    assert done.returncode == 2
    assert done.stderr.startswith(f"bot: {file}:1: ")
    assert len(done.stderr.splitlines()) == 1
    served = bot(tmp_path, "serve", **account(""))
    assert "run `bot init`" in served.stderr


def test_the_schema_can_be_brought_up_alone(tmp_path):
    for _ in range(2):
        done = bot(tmp_path, "migrate")
        assert (done.returncode, done.stdout) == (0, f"the schema is at {revisions.newest()}\n")


def test_the_doctor_finds_a_healthy_service(tmp_path, content):
    bot(tmp_path, "init", "--content", str(content))
    done = bot(tmp_path, "doctor", "--offline", **account(""))
    assert done.returncode == 0, done.stdout
    verdicts = {line[6:16].strip(): line[:4].strip() for line in done.stdout.splitlines()}
    assert verdicts["settings"] == verdicts["database"] == verdicts["index"] == "ok"
    assert "fail" not in verdicts.values()


def test_the_doctor_says_what_is_missing(tmp_path):
    done = bot(tmp_path, "doctor", "--offline")
    assert done.returncode == 1
    assert "fail  settings    BOT_WECHAT_TOKEN is not set" in done.stdout
    assert "fail  database    there is none yet: run `bot init`" in done.stdout


def test_the_doctor_without_a_platform_says_so_and_ends(tmp_path, content):
    bot(tmp_path, "init", "--content", str(content))
    settings = account("", wechat_api="http://127.0.0.1:1", port="1")
    done = bot(tmp_path, "doctor", **settings)
    assert done.returncode == 1
    assert "fail  platform    BOT_WECHAT_API cannot be reached" in done.stdout
    assert "skip  webhook" in done.stdout
    assert "Traceback" not in done.stderr


def test_no_setting_of_the_tests_leaks_into_this_process():
    assert load().wechat_token.get_secret_value() == ""


def test_an_answer_that_the_console_took_back_is_not_brought_back(tmp_path, content):
    bot(tmp_path, "init", "--content", str(content))
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        database.execute("UPDATE entry SET state = 'retired', published_version = NULL"
                         " WHERE entry = 'study.reading.choose-books'")  # fmt: skip
        database.execute("DELETE FROM published_entry WHERE entry = 'study.reading.choose-books'")
    done = bot(tmp_path, "init", "--content", str(content))
    assert done.returncode == 2
    assert "study.reading.choose-books; --overwrite replaces them" in done.stderr
    assert bot(tmp_path, "init", "--content", str(content), "--overwrite").returncode == 0


def test_the_entries_and_questions_stand_in_the_console_afterwards(tmp_path, content):
    for _ in range(2):
        bot(tmp_path, "init", "--content", str(content))
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        states = database.execute("SELECT DISTINCT state FROM entry").fetchall()
        kinds = database.execute("SELECT kind FROM publication").fetchall()
        asked = database.execute(
            "SELECT count(*) FROM golden_question WHERE topic = 'study.reading'"
        ).fetchone()
    assert (states, kinds) == ([("published",)], [("file",)])
    assert asked[0] > 0
