"""Intents with one text that points somewhere, and the hotline card that follows the topic."""

from types import SimpleNamespace

import pytest

from bot.profile import pointers
from intents.understand import Understanding


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("你是机器人吗", "about_bot"),
        ("我要投诉", "complaint"),
        ("有什么热线可以打", "find_hotline"),
        ("怎么绑定班级", "bind_class"),
        ("系呀", "yes"),
        ("唔使喇", "no"),
        ("算了", "cancel"),
        ("我唔识打字", "voice_help"),
    ],
)
async def test_a_pointer_has_its_text(desk, words, intent):
    assert intent in pointers.REPLIES
    assert await desk.says(words) == desk.rt.say(intent)


@pytest.mark.parametrize("intent", sorted(pointers.REPLIES))
def test_every_pointer_is_an_intent_with_all_its_numbers(desk, intent):
    for name in desk.rt.understander.catalogue.intents[intent].replies:
        assert "{" not in desk.rt.say(intent, name)


@pytest.mark.parametrize(
    ("topic", "card"),
    [
        (None, "main"),
        ("emo.low", "mind"),
        ("emo", "mind"),
        ("pol.transfer", "school"),
        ("safe.dv", "home"),
        ("safe.water", "main"),
        ("study", "main"),
    ],
)
def test_the_hotline_card_follows_the_topic(topic, card):
    slots = {"topic": topic} if topic else {}
    turn = SimpleNamespace(
        understanding=Understanding("find_hotline", slots), say=lambda *names: names
    )
    assert pointers.find_hotline(turn) == ("find_hotline", card)
