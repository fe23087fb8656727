from __future__ import annotations

import pytest

from intents import folding
from intents.crisis import FOLDER
from intents.errors import CatalogueError, TemplateError
from knowledge import text


@pytest.fixture(scope="module")
def fold():
    loaded = folding.load(FOLDER / "fold.yaml")
    return lambda message: loaded.fold(text.normalise(message))


@pytest.mark.parametrize(
    ("message", "folded"),
    [
        ("佢唔想活咗", "他不想活了"),
        ("女兒話唔想做人", "女儿话不想做人"),
        ("不 想 活 了", "不想活了"),
        ("不.想.活", "不想活"),
        ("想自鲨", "想自杀"),
        ("跳褛", "跳楼"),
        ("娃不见了", "孩子不见了"),
        ("成日喺屋企", "整天在家里"),
    ],
)
def test_spellings_fold_into_one(fold, message, folded):
    assert fold(message) == folded


def test_a_clause_border_stays(fold):
    assert fold("什么都不想，活在自己的世界") == "什么都不想 活在自己的世界"


def test_harmless_words_disappear(fold):
    assert "打" not in fold("孩子打篮球打游戏打疫苗")


def test_a_rule_may_not_use_a_harmless_word():
    with pytest.raises(TemplateError, match="harmless"):
        folding.load(FOLDER / "fold.yaml").literal("打篮球")


def test_a_variant_with_two_targets_is_refused(write):
    path = write("fold.yaml", "words: {a: x, b: x}\ncharacters: {c: y}\ncommon: z\n")
    with pytest.raises(CatalogueError, match="`x` has two targets"):
        folding.load(path)


def test_a_long_variant_among_the_characters_is_refused(write):
    path = write("fold.yaml", "words: {a: x}\ncharacters: {c: yy}\ncommon: z\n")
    with pytest.raises(CatalogueError, match="one character each"):
        folding.load(path)
