from __future__ import annotations

import re
import shutil

import pytest

import intents
from intents.errors import CatalogueError, UnknownReply


def test_crisis_comes_before_everything_else(understander):
    found = understander.understand("我不想活了")
    assert found.crisis.category == "self_harm"
    assert found.rule == found.crisis.rule


def test_what_stands_under_intents_is_read_once_a_process():
    assert intents.load() is intents.load()


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


@pytest.mark.parametrize(
    ("text", "intent"),
    [("唔好提我", "unsubscribe"), ("咪再发消息畀我", "unsubscribe"), ("取肖题醒", "unsubscribe")],
)
def test_the_second_spelling_is_matched_where_the_first_is_not(understander, text, intent):
    assert understander.understand(text).intent == intent


def test_the_classifier_names_itself_and_how_sure_it_is(understander):
    found = understander.understand("消息太多能不能不要再推送给我")
    assert (found.intent, found.rule) == ("unsubscribe", "classifier:unsubscribe")
    assert 0.5 < found.confidence < 1


def test_the_classifier_is_not_asked_in_a_crisis(understander):
    found = understander.understand("我不想活了，别再给我发消息了")
    assert (found.intent, found.crisis.category) == ("ask_question", "self_harm")


def test_a_long_message_stays_a_question(understander):
    text = "孩子三年级写作业总是磨蹭，我说了很多次都没有用，老师也发了很多消息给我，不知道怎么办"
    found = understander.understand(text)
    assert (found.intent, found.slots) == ("ask_question", {"ages": ("p_low",)})
    # today the second look guesses wrong here; the base answers it: tests/flows/crisis.yaml
    assert found.crisis is None or found.crisis.is_weak


def test_an_intent_gets_the_slots_it_lists_and_no_others(tmp_path):
    folder = tmp_path / "intents"
    shutil.copytree(intents.understand.catalogue.FOLDER, folder)
    path = folder / "catalogue.yaml"
    listed = path.read_text(encoding="utf-8").replace(
        "example: 退订, slots: [kind]}", "example: 退订, slots: [kind, when]}"
    )
    path.write_text(listed, encoding="utf-8")
    found = intents.load(folder).understand("取消所有提醒")
    assert (found.intent, found.slots) == ("unsubscribe", {"kind": "all"})
    path.write_text(listed.replace("[kind, when]", "[colour]"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="lists no known slot: `colour`"):
        intents.load(folder)
