from __future__ import annotations

import pytest

from intents import variants
from intents.errors import CatalogueError
from knowledge import text


@pytest.mark.parametrize(
    ("message", "mapped"),
    [
        ("唔好提我", "不要提醒我"),
        ("咪再發畀我", "别再发给我"),
        ("唔使再推", "不用再推"),
        ("聽日提返我", "明天提醒我"),
        ("點報名呀", "怎么报名呀"),
        ("我個仔呢堂課", "我儿子这节课"),
        ("搵下課程", "找下课程"),
        ("取肖题醒", "取消提醒"),
        ("你哋係邊個", "你们是哪个"),
        ("唔係", "不是"),
        ("冇用", "没用"),
    ],
)
def test_cantonese_and_slips_are_mapped_and_negation_stays(message, mapped):
    assert variants.mapped(text.normalise(message)) == mapped


@pytest.mark.parametrize(
    "message", ["唔该", "联系老师", "没关系", "系统坏了", "吃惊", "几点开始", "早点睡觉", "菜单"]
)
def test_words_that_hold_a_variant_stay(message):
    plain = text.normalise(message)
    assert variants.mapped(plain) is plain or variants.mapped(plain) == plain


def test_a_variant_of_two_words_is_refused(write):
    path = write("variants.yaml", "words: {不要: 唔好, 别: 唔好}\nkept: [唔该]\n")
    with pytest.raises(CatalogueError, match="`唔好` is `不要` already"):
        variants.pairs(path)
