import pytest

from knowledge import forbidden
from knowledge.errors import FileFault
from knowledge.forbidden import Ban, Must


def test_every_ban_has_a_reason_and_words_that_stand_in_no_other():
    words = [w for ban in forbidden.words().bans for w in ban.words]
    assert len(words) == len(set(words)) >= 50
    assert all(len(w) >= 2 for w in words)
    assert all(ban.reason for ban in forbidden.words().bans)


def test_an_excuse_holds_for_its_own_line_and_ban():
    ban = Ban("…", ("没出息",), ("不说",))
    assert list(ban.broken_by("真没出息")) == ["没出息"]
    assert list(ban.broken_by("不说「没出息」")) == []


def test_what_must_go_together_names_the_word_and_each_list_that_is_missing():
    must = Must("…", ("不想活", "想死"), (("陪着", "守着"), ("120", "110")))
    assert list(must.broken_by("今晚早点睡。")) == []
    assert list(must.broken_by("说不想活，陪着，打 110。")) == []
    assert list(must.broken_by("说想死，打 110。")) == [("想死", ("陪着", "守着"))]
    assert [listed for _, listed in must.broken_by("说不想活。")] == list(must.needs)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("bans: [", r":\d+: is not YAML"),
        ("bans: [{words: [a]}]\nhelp: []", "is not a list of bans: 'reason'"),
        ("bans: [{reason: r, words: 打卡}]\nhelp: []", "is not a list"),
        ("bans: [{reason: r, words: [100]}]\nhelp: []", "100 is not a text"),
        ("bans: []", "is not a list of bans: 'help'"),
        ("bans: []\nmusts: [{reason: r, about: [a]}]\nhelp: []", "is not a list of bans: 'needs'"),
        ("bans: []\nmusts: [{reason: r, about: [a], needs: [b]}]\nhelp: []", "'b' is not a list"),
        ("[]", "is not a list of bans"),
    ],
)
def test_a_broken_file_is_named(tmp_path, content, problem):
    path = tmp_path / "forbidden.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match=rf"forbidden\.yaml.*{problem}"):
        forbidden.words(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileFault, match=r"none\.yaml: is not a list of bans"):
        forbidden.words(tmp_path / "none.yaml")
