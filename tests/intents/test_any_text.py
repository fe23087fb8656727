"""No text breaks understanding, whatever it holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import intents
from intents import slots

ENGINE = intents.load()
#: Pieces that mean something to a reader, between pieces that mean nothing.
WORDS = """
三岁 初一 天河 棠下街道 明天 晚上八点 周三 号 点半 个月 十 廿 两 不要 唔好 提我 签到码
五星 妈妈 全部 岁 点 年级
"""
PIECES = st.sampled_from([*WORDS.split(), *"：:/ \u200b\x00😀⭐²①٣([\n"])
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)
TEXTS = st.one_of(ANY, st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=60).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_understood_alike_each_time(message):
    found = ENGINE.understand(message)
    assert found.intent in ENGINE.catalogue.intents
    assert 0 <= found.confidence <= 1
    assert ENGINE.understand(message) == found


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_can_be_read_for_every_slot(message):
    for name in slots.NAMES:
        found = ENGINE.read(name, message)
        assert found is None or found != ()
