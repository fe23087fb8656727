from __future__ import annotations

import re

import pytest

from intents import template
from intents.errors import TemplateError


def sentences(source, **lists):
    named = {name: template.named(name, template.parse(text)) for name, text in lists.items()}
    return set(template.expand(template.parse(source, named), 100))


def matches(source, text):
    return re.search(template.regex(template.parse(source)), text) is not None


def test_optional_parts_and_alternatives_expand_to_every_sentence():
    assert sentences("[请](帮我|给我)报名") == {"请帮我报名", "请给我报名", "帮我报名", "给我报名"}


def test_a_list_expands_and_tells_which_value_it_was():
    named = {"grade": template.named("grade", template.parse("一年级|二年级"))}
    found = template.expand(template.parse("我读{grade}", named), 100)
    assert found["我读二年级"] == (("grade", "二年级"),)


def test_a_captured_list_names_its_group():
    named = {"n": template.named("n", template.parse("一|二"), capture=True)}
    assert re.fullmatch(template.regex(template.parse("选{n}", named)), "选二")["n"] == "二"


def test_a_gap_stays_inside_a_clause_unless_doubled():
    assert matches("站在~4楼顶", "站在学校楼顶")
    assert not matches("站在~4楼顶", "站在 学校楼顶")
    assert matches("站在~~4楼顶", "站在 学校楼顶")


def test_a_gap_is_no_longer_than_it_says():
    assert not matches("我~2死", "我不是很想死")


def test_look_arounds_take_no_part():
    assert matches("想死{not before 你|我}", "我想死")
    assert not matches("想死{not before 你|我}", "想死你")
    assert not matches("{not after 别|不}打他", "别打他")


def test_a_template_with_a_gap_or_too_many_sentences_does_not_expand():
    assert template.expand(template.parse("a~2b"), 100) is None
    assert template.expand(template.parse("(a|b)(a|b)(a|b)"), 7) is None


@pytest.mark.parametrize(
    "source", ["(a", "a)", "[a|b", "{x", "a}", "~a", "{nobody}", "a?b", "你好！"]
)
def test_a_faulty_template_is_refused(source):
    with pytest.raises(TemplateError):
        template.parse(source)


def test_plain_pieces_are_folded():
    assert template.expand(template.parse("b[b]", fold=lambda t: t.replace("b", "c")), 9) == {
        "c": (),
        "cc": (),
    }


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        ("退(课|订)[了]", "退课订了"),
        ("{not after 不}退课", "退课"),
        ("退~3课", None),
        ("(退课|取消~~4课)", None),
    ],
)
def test_a_template_without_a_gap_has_only_its_own_characters(source, letters):
    found = template.characters(template.parse(source))
    assert found == (None if letters is None else frozenset(letters))
