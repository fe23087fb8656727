import pytest

from knowledge import files, hotlines
from knowledge.errors import FileFault
from knowledge.topics import topics


def test_every_number_is_complete_and_stands_once():
    found = hotlines.hotlines()
    assert len(found) >= 8
    for number, line in found.items():
        assert number.isdecimal()
        assert all((line.name, line.when, line.hours))
        assert line.status in ("verified", "unverified")


def test_unverified_numbers_are_known_and_never_shown():
    assert "12348" in hotlines.hotlines()
    assert "hotline_12348" not in hotlines.shown()
    assert hotlines.shown()["hotline_110"] == "110"


def test_placeholders_become_numbers():
    assert hotlines.fill("打 {{hotline:120}} 或 {{hotline:110}}。") == "打 120 或 110。"
    assert hotlines.fill("没有号码") == "没有号码"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("{{hotline:12348}}", "hotline 12348 is not verified"),
        ("{{hotline:4}}", "placeholder `{{hotline:4}}` is unknown"),
        ("{{hotline}}", "placeholder `{{hotline}}` is unknown"),
        ("{{person:110}}", "placeholder `{{person:110}}` is unknown"),
        ("{{}}", "placeholder `{{}}` is unknown"),
    ],
)
def test_what_cannot_be_filled_is_named(answer, problem):
    assert [p for p in hotlines.faults(answer) if problem in p]


def test_a_good_answer_has_no_fault():
    assert list(hotlines.faults("打 {{hotline:12356}}，或 {{hotline:110}}")) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- {number: '1'", r"hotlines\.yaml:1: is not YAML"),
        ("- {number: '1'}", r"hotlines\.yaml: is not a list of hotlines"),
        ("3", r"hotlines\.yaml: is not a list of hotlines"),
    ],
)
def test_a_broken_file_is_named(tmp_path, content, problem):
    path = tmp_path / "hotlines.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match=problem):
        hotlines.hotlines(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileFault, match="is not a list of hotlines"):
        hotlines.hotlines(tmp_path / "none.yaml")


def test_every_answer_of_a_topic_that_hides_an_emergency_names_a_number():
    near = [e for e in files.load() if topics()[e.topic].risk == 3]
    assert near
    assert [e.id for e in near if "{{hotline:" not in e.answer] == []
