"""The softer words: only where a harmless reading is the likelier one."""

import pytest

from intents import crisis, crisis_replies, crisis_soft
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError


def test_a_figure_of_speech_is_met_softly(hotlines):
    found = crisis.screen("孩子说作业多得想死")
    assert crisis_soft.is_soft(found.category, found.severity, needs_check=found.needs_check)
    told = crisis_soft.first(found.category, found.speaker, hotlines)
    assert "孩子真的想过不活吗" in told
    assert "2 没有，只是担心" in told
    assert "120" in told
    assert "12356" in told


@pytest.mark.parametrize("words", ["孩子说不想活了", "女儿话唔想活了", "有人正在打孩子，快打死了"])
def test_a_plain_word_is_not(words):
    found = crisis.screen(words)
    assert not crisis_soft.is_soft(found.category, found.severity, needs_check=found.needs_check)


def test_each_text_has_an_id_of_its_own():
    assert not crisis_replies.texts().keys() & crisis_soft.texts().keys()
    assert crisis_replies.texts()["first.self_harm.other.3"]


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("speaker", ["other", "self", "child"])
def test_a_soft_reply_has_what_every_first_reply_has(category, speaker, hotlines):
    told = crisis_soft.first(category, speaker, hotlines)
    words, *question = told.split("\n")
    assert len("".join(c for c in words if not c.isascii())) <= 120
    assert "110" in words or "120" in words
    assert "人工" in words
    assert question[0].endswith("？请回数字：")
    assert [line[0] for line in question[1:]] == ["1", "2", "3"]


def test_a_child_who_tells_of_a_parent_is_not_spoken_to_as_the_parent(hotlines):
    assert "带孩子" in crisis_soft.first("parent_breakdown", "other", hotlines)
    assert "带孩子" not in crisis_soft.first("parent_breakdown", "child", hotlines)


def test_a_file_without_the_numbers_of_a_speaker_is_refused(write):
    content = crisis_soft.FILE.read_text(encoding="utf-8")
    begin, end = content.index("choices:"), content.index("silence:")
    other = content[begin : content.index("  self:", begin)]
    with pytest.raises(CatalogueError, match=r"choices\.self"):
        crisis_soft.load(write("soft.yaml", content[:begin] + other + content[end:]))


def test_a_missing_text_is_refused(write):
    content = crisis_soft.FILE.read_text(encoding="utf-8").replace("  declined:", "  declines:")
    with pytest.raises(CatalogueError, match="unknown key"):
        crisis_soft.load(write("soft.yaml", content))
