"""What comes later is answered honestly today."""

import pytest

from bot.profile import coming


@pytest.mark.parametrize("intent", sorted(coming.COMING))
async def test_what_is_not_there_yet_has_its_honest_text(desk, intent):
    example = next(
        text
        for text in desk.rt.understander.catalogue.intents[intent].examples
        if desk.rt.understand(text).intent == intent
    )
    assert await desk.says(example) == desk.rt.say(intent)


async def test_every_intent_of_profile_has_its_reply_function(desk):
    listed = desk.rt.understander.catalogue.intents.values()
    mine = {i.name for i in listed if i.answered_by == "profile" and not i.event}
    assert mine <= set(desk.engine.replies)


@pytest.mark.parametrize("words", ["确定能", "一定", "保证", "马上开放", "即将开放"])
async def test_no_text_promises_what_nobody_can(desk, words):
    for intent in (*coming.COMING, "reminders_on", "publicity_week", "week_events"):
        replies = desk.rt.understander.catalogue.intents[intent].replies
        assert all(words not in text for text in replies.values()), intent
