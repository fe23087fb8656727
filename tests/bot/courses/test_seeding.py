"""`bot init` brings courses, programmes and the outline; what the console changed stays."""

import shutil
from dataclasses import replace

import pytest
import yaml

from bot.courses import actions, syllabus
from knowledge import courses as files
from knowledge import wording
from tests.bot.courses.conftest import CHEN, HUANG

NAMES = ("bedtime-sleep", "phone-agreement")


@pytest.fixture
def folder(tmp_path):
    """Two courses of the seed, as published."""
    for name in NAMES:
        shutil.copytree(files.COURSES / name, tmp_path / "seed" / name)
        edit(tmp_path / "seed" / name, "status: needs_review", "status: published")
    return tmp_path / "seed"


def edit(folder, old, new):
    path = folder / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


async def test_everything_comes_in_once(each_empty, folder):
    first = await each_empty.seeds(folder)
    assert first.added == list(NAMES)
    again = await each_empty.seeds(folder)
    assert (again.same, again.added, again.renewed) == (list(NAMES), [], [])
    (only,) = await each_empty.versions("bedtime-sleep")
    assert (only.number, only.state, only.made_by) == (1, "published", None)
    brands = await each_empty.office.rows("SELECT title FROM programme ORDER BY place")
    assert tuple(b["title"] for b in brands) == wording.words().programmes
    outline, given = syllabus.seed()
    (points,) = await each_empty.office.rows("SELECT count(*) AS n FROM syllabus_point")
    assert points["n"] == len(given)
    mapped = await each_empty.office.rows("SELECT * FROM syllabus_lesson WHERE code = 'K5'")
    assert {(m["outline"], m["course"]) for m in mapped} == {(outline, "bedtime-sleep")}


async def test_a_changed_file_is_a_new_version_until_the_console_changes_the_course(
    each_empty, folder
):
    await each_empty.seeds(folder)
    edit(folder / NAMES[0], "goal: 学", "goal: 读")
    assert (await each_empty.seeds(folder)).renewed == [NAMES[0]]
    newest, first = await each_empty.versions(NAMES[0])
    assert (newest.number, newest.content.goal[:3], first.content.goal[:3]) == (
        2,
        "读完以",
        "学完以",
    )
    text = replace(newest.content, goal="在工作台改过。")
    assert await each_empty.does(actions.save, CHEN, text) == 3
    edit(folder / NAMES[0], "goal: 读", "goal: 看")
    seeded = await each_empty.seeds(folder)
    assert (seeded.left, seeded.renewed) == ([NAMES[0]], [])
    assert [v.number for v in await each_empty.versions(NAMES[0])] == [3, 2, 1]


async def test_what_the_console_retired_or_made_is_left(each_empty, folder):
    await each_empty.seeds(folder)
    await each_empty.does(actions.retire, HUANG, NAMES[1], "重写")
    edit(folder / NAMES[1], "goal: 学", "goal: 读")
    assert (await each_empty.seeds(folder)).left == [NAMES[1]]
    (only,) = await each_empty.versions(NAMES[1])
    assert only.number == 1


async def test_what_is_not_published_in_the_files_stays_out(each_empty, folder):
    edit(folder / NAMES[0], "status: published", "status: draft")
    seeded = await each_empty.seeds(folder)
    assert (seeded.unpublished, seeded.added) == ([NAMES[0]], [NAMES[1]])


def test_the_outline_names_stages_and_topics_that_exist():
    name, given = syllabus.seed()
    assert name.startswith(syllabus.PROVISIONAL)
    rows = [
        (n, {"code": p.code, "stage": p.stage, "title": p.title, "topics": " ".join(p.topics)})
        for n, p in enumerate(given)
    ]
    tried = syllabus.look(rows)
    assert (tried.points, tried.faults) == (given, ())
    text = (files.COURSES.parents[1] / "bot/courses/outline.yaml").read_text(encoding="utf-8")
    assert len(yaml.safe_load(text)["points"]) == len({p.code for p in given})


def test_bot_init_says_what_it_brought_and_what_it_left(capsys):
    from bot.cli import setup
    from bot.courses.seeding import Seeded

    setup._tell(Seeded(same=["a"]))
    assert capsys.readouterr().out == ""
    setup._tell(Seeded(added=["a"], renewed=["b"], left=["c"], unpublished=["d"]))
    assert capsys.readouterr().out.splitlines() == [
        "courses: 1 new, 1 in a new version, 0 unchanged",
        "courses: changed in the console, so the files were left out: c",
        "courses: 1 not `published` in their files, left out",
    ]
