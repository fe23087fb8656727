import shutil

import pytest
from click.testing import CliRunner

from bot.cli import bot
from knowledge import courses, files
from knowledge.topics import CONTENT, topics


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(bot, ["knowledge", *words], catch_exceptions=False)


def test_a_good_base_is_fine(run):
    done = run("check")
    assert done.exit_code == 0
    count = f"{len(files.load())} entries and {len(courses.load())} courses"
    assert done.output == f"{count} are fine\n"


def test_faults_are_printed_a_line_each_and_the_end_is_one(run, tmp_path):
    broken = tmp_path / "study.reading" / "habit.md"
    broken.parent.mkdir()
    broken.write_text("no front matter", encoding="utf-8")
    done = run("check", "--content", str(tmp_path))
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{broken}:1: must begin with front matter")
    assert done.stderr == "1 faults\n"


def test_coverage_shows_every_topic_and_names_the_holes(run, tmp_path):
    content = shutil.copytree(CONTENT, tmp_path / "content")
    (content / "pol.migrant" / "permit-gap.md").unlink()
    done = run("coverage", "--content", str(content))
    assert done.exit_code == 0
    lines = done.output.splitlines()
    rows = [line for line in lines if line.split()[:1] and line.split()[0] in topics()]
    assert len(rows) == 89
    assert any("svc.week" in line for line in lines)
    assert "89 topics, 1 holes" in done.output
    assert "  pol.migrant: no entry for a0_3" in lines


def test_coverage_as_the_page_of_the_docs(run):
    assert run("coverage", "--markdown").output.startswith("# What the base covers\n")


def test_no_color_codes_reach_a_pipe(run):
    assert "\x1b" not in run("coverage").output
