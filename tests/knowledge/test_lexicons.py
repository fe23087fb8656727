import pytest

from knowledge import lexicons
from knowledge.errors import FileFault


def test_the_longest_variant_wins():
    assert lexicons.Lexicon({"唔": "不", "唔使": "不用"}).apply("唔使唔去") == "不用不去"


def test_a_lexicon_without_a_match_returns_the_very_same_text():
    same = "写作业"
    assert lexicons.Lexicon({"唔": "不"}).apply(same) is same


def test_signs_in_a_variant_are_no_pattern():
    assert lexicons.Lexicon({"a.c": "x", "(": "y"}).apply("abc a.c (") == "abc x y"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("# 注释\n七负 欺负\n", r":2: expected `variant TAB word`"),
        ("七负\t\n", r":1: expected"),
        ("七负\t欺负\t多\n", r":1: expected"),
        ("七负\t欺负\n\n七负\t欺负\n", r":3: `七负` stands here a second time"),
    ],
)
def test_a_broken_lexicon_names_file_and_line(tmp_path, content, problem):
    path = tmp_path / "typos.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match=rf"typos\.tsv{problem}"):
        lexicons.read_pairs(path)


def test_a_word_list_with_two_words_a_line_names_file_and_line(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# 注释\n双减\n二孩 厌学\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"words\.txt:3: expected one word a line"):
        lexicons.read_words(path)


def test_a_missing_list_is_a_fault(tmp_path):
    with pytest.raises(FileFault, match="cannot be read"):
        lexicons.read_words(tmp_path / "none.txt")


def test_a_list_in_another_encoding_is_a_fault(tmp_path):
    path = tmp_path / "gbk.txt"
    path.write_bytes("双减".encode("gbk"))
    with pytest.raises(FileFault, match="is not UTF-8"):
        lexicons.read_words(path)
