from __future__ import annotations

import re

import pytest

import intents
from intents.errors import CatalogueError, UnknownReply


def test_crisis_comes_before_everything_else(understander):
    found = understander.understand("我不想活了")
    assert found.crisis.category == "self_harm"
    assert found.rule == found.crisis.rule


def test_a_command_is_recognised(understander):
    found = understander.understand("菜单")
    assert (found.intent, found.crisis, found.confidence) == ("help", None, 1.0)
    assert re.fullmatch(r"help:\d+", found.rule)


def test_the_rest_is_a_question_with_the_ages_it_names(understander):
    found = understander.understand("三年级的孩子不爱看书")
    assert (found.intent, found.slots, found.rule) == (
        "ask_question",
        {"ages": ("p_low",)},
        "default",
    )


@pytest.mark.parametrize(
    "text", ["2", "②", "２", "第二个", "选2", "二", "二号", "选二", "2️⃣", "要2"]
)
def test_a_number_is_a_choice_however_it_is_written(understander, text):
    found = understander.understand(text)
    assert (found.intent, found.slots) == ("number_choice", {"choice": 2})


@pytest.mark.parametrize("text", ["好累", "2岁", "好的方法有哪些", "谢谢你孩子不写作业怎么办", ""])
def test_short_words_decide_only_alone(understander, text):
    assert understander.understand(text).intent == "ask_question"


def test_the_same_text_always_means_the_same(understander):
    assert understander.understand("孩子离家出走") == understander.understand("孩子离家出走")


def test_a_reply_is_filled(understander):
    text = understander.reply(
        "ask_question", "source", source="《家庭教育促进法》", checked="2026-11"
    )
    assert text == "依据：《家庭教育促进法》 · 核实 2026-11"


@pytest.mark.parametrize(
    ("intent", "name"), [("nobody", "main"), ("help", "nothing"), ("help", "main")]
)
def test_an_unknown_reply_or_a_missing_value_is_an_error(understander, intent, name):
    with pytest.raises(UnknownReply):
        understander.reply(intent, name)


def test_a_folder_without_a_catalogue_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"catalogue\.yaml"):
        intents.load(tmp_path)
