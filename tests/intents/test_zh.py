"""Held-out sentences, one file an intent; known failures must still fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent / "zh"
FILES = sorted(p for p in HERE.glob("*.yaml") if not p.stem.startswith("_"))


def sentences(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


HELD_OUT = [(path.stem, text) for path in FILES for text in sentences(path)]
FAILURES = [
    (intent, text)
    for intent, texts in sentences(HERE / "_known_failures.yaml").items()
    for text in texts
]

#: Intents whose examples are wider than their patterns: the classifier behind them knows the rest.
BY_CLASSIFIER = frozenset(path.stem for path in FILES)


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
        allowed = {intent.name, "ask_question"} if intent.name in BY_CLASSIFIER else {intent.name}
        for text in intent.examples:
            found = understander.understand(text)
            assert found.intent in allowed, text
            assert found.crisis is None, text


def test_every_intent_read_from_text_has_varied_examples(understander):
    for intent in understander.catalogue.intents.values():
        assert intent.event or len(set(intent.examples)) >= 24, intent.name
