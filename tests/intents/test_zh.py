"""Held-out sentences, one file an intent; known failures must still fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent / "zh"
FILES = sorted(p for p in HERE.glob("*.yaml") if not p.stem.startswith("_"))

#: Intents whose examples are wider than their patterns: the classifier behind them is to answer
#: for the rest; until then such an example is a question, and never another intent.
BY_CLASSIFIER = frozenset(
    (
        "find_course",
        "enrol_course",
        "cancel_course",
        "my_courses",
        "next_lesson",
        "my_progress",
        "my_stars",
        "my_certificate",
        "verify_certificate",
        "reminders_on",
        "reminder_time",
        "snooze",
        "check_in",
        "practice_done",
        "practice_not_done",
        "lesson_replay",
        "live_talk",
        "publicity_week",
        "week_events",
        "heirloom",
        "survey",
        "past_messages",
        "home_visit",
        "class_activity",
    )
)


def sentences(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


HELD_OUT = [(path.stem, text) for path in FILES for text in sentences(path)]
FAILURES = [
    (intent, text)
    for intent, texts in sentences(HERE / "_known_failures.yaml").items()
    for text in texts
]


@pytest.mark.parametrize(("intent", "text"), HELD_OUT)
def test_a_held_out_sentence_is_understood(understander, intent, text):
    found = understander.understand(text)
    assert (found.intent, found.crisis) == (intent, None)


@pytest.mark.parametrize(("intent", "text"), FAILURES)
def test_a_known_failure_still_fails(understander, intent, text):
    assert understander.understand(text).intent != intent


def test_every_intent_read_from_text_has_ten_held_out_sentences(understander):
    known = understander.catalogue.intents.values()
    assert {p.stem for p in FILES} == {i.name for i in known if not i.event}
    assert all(len(sentences(path)) >= 10 for path in FILES)


def test_no_held_out_sentence_is_an_example(understander):
    for intent, text in HELD_OUT:
        assert text not in understander.catalogue.intents[intent].examples


def test_every_example_is_understood(understander):
    for intent in understander.catalogue.intents.values():
        for text in intent.examples:
            found = understander.understand(text)
            if intent.name in BY_CLASSIFIER and found.intent == understander.catalogue.default:
                assert found.crisis is None, text
                continue
            assert (found.intent, found.crisis) == (intent.name, None), text
