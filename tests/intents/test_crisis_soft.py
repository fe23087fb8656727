"""The softer words: only where a harmless reading is the likelier one."""

import pytest

from intents import crisis, crisis_replies, crisis_soft
from intents.errors import CatalogueError


def test_a_figure_of_speech_is_met_softly(hotlines):
    found = crisis.screen("孩子说作业多得想死")
    assert crisis_soft.is_soft(found.category, found.severity, needs_check=found.needs_check)
    told = crisis_soft.first(found.category, found.speaker, hotlines)
    assert "2 没有，就是累" in told
    assert "120" in told
    assert "12356" in told


@pytest.mark.parametrize("words", ["孩子说不想活了", "女儿话唔想活了", "有人正在打孩子，快打死了"])
def test_a_plain_word_is_not(words):
    found = crisis.screen(words)
    assert not crisis_soft.is_soft(found.category, found.severity, needs_check=found.needs_check)


def test_each_text_has_an_id_of_its_own():
    assert not crisis_replies.texts().keys() & crisis_soft.texts().keys()
    assert crisis_replies.texts()["first.self_harm.other.3"]


@pytest.mark.parametrize("name", ["soft.self_harm.other", "soft.self_harm.self"])
def test_a_soft_text_is_as_short_as_the_others(name):
    text = crisis_soft.texts()[name]
    assert len("".join(c for c in text if c not in "{}_" and not c.isascii())) <= 120


def test_a_missing_text_is_refused(write):
    content = crisis_soft.FILE.read_text(encoding="utf-8").replace("  declined:", "  declines:")
    with pytest.raises(CatalogueError, match="unknown key"):
        crisis_soft.load(write("soft.yaml", content))
