from __future__ import annotations

import re
from pathlib import Path

import pytest

from intents.catalogue import Catalogue, Intent, Source
from intents.errors import CatalogueError
from intents.patterns import Patterns
from intents.template import parse

HERE = Path("zh/x.yaml")


def source(text):
    return Source(text, HERE, 1)


def build(**patterns):
    intents = {
        name: Intent(name, "x", (), False, tuple(map(source, texts)), (), {"main": "x"})
        for name, texts in patterns.items()
    }
    common = (frozenset("我"), source("请|我想"), source("了|谢谢"))
    return Patterns(Catalogue(intents, "x", {}, *common), {"n": parse("一|二")})


def test_a_short_word_decides_only_when_it_is_the_whole_message():
    patterns = build(good=["好"])
    assert patterns.match("好").intent == "good"
    assert patterns.match("好累") is None


def test_polite_words_around_a_pattern_fall_away():
    assert build(stop=["退订"]).match("我想退订了谢谢").intent == "stop"


def test_spaces_do_not_matter():
    assert build(stop=["退订"]).match("退 订").intent == "stop"


def test_a_list_value_is_handed_over():
    assert build(pick=["选{n}"]).match("选二").values == (("n", "二"),)


def test_a_gap_matches_but_is_less_sure():
    match = build(stop=["不要~6提醒"]).match("不要再给我提醒")
    assert (match.intent, match.confidence) == ("stop", 0.9)


def test_a_long_message_is_no_command():
    assert build(stop=["不要~6提醒"]).match("不要提醒" * 6) is None


def test_the_same_sentence_in_two_intents_is_refused():
    with pytest.raises(CatalogueError, match=re.escape("zh/x.yaml:1: `好` belongs to a:1")):
        build(a=["好"], b=["(好|行)"])


def test_a_faulty_pattern_is_refused_with_its_place():
    with pytest.raises(CatalogueError, match=re.escape("zh/x.yaml:1: `(好`")):
        build(a=["(好"])
