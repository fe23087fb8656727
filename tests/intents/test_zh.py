"""Held-out sentences, one file an intent, by another author; known failures must still fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent / "zh"
FILES = sorted(p for p in HERE.glob("*.yaml") if not p.stem.startswith("_"))
#: Least sentences of an intent, and the share of all that may be known failures.
LEAST, FAILING = 12, 0.12
#: Share of the examples, which the classifier is fitted on, that must be understood.
FITTED = 0.97


def sentences(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


FAILURES = {
    (intent, text)
    for intent, texts in sentences(HERE / "_known_failures.yaml").items()
    for text in texts
}
WRITTEN = [(path.stem, text) for path in FILES for text in sentences(path)]
HELD_OUT = [pair for pair in WRITTEN if pair not in FAILURES]


@pytest.mark.parametrize(("intent", "text"), HELD_OUT)
def test_a_held_out_sentence_is_understood(understander, intent, text):
    found = understander.understand(text)
    assert (found.intent, found.crisis) == (intent, None)


@pytest.mark.parametrize(("intent", "text"), sorted(FAILURES))
def test_a_known_failure_still_fails(understander, intent, text):
    found = understander.understand(text)
    assert (found.intent, found.crisis) != (intent, None)


def test_few_sentences_are_known_failures():
    assert set(WRITTEN) >= FAILURES, "a known failure is one of the held-out sentences"
    assert len(FAILURES) <= FAILING * len(WRITTEN)


def test_every_intent_read_from_text_has_enough_held_out_sentences(understander):
    known = understander.catalogue.intents.values()
    assert {p.stem for p in FILES} == {i.name for i in known if not i.event}
    assert all(len(set(sentences(path))) >= LEAST for path in FILES)


def test_no_held_out_sentence_is_an_example(understander):
    for intent, text in WRITTEN:
        assert text not in understander.catalogue.intents[intent].examples


def test_the_examples_are_understood(understander):
    pairs = [(i.name, t) for i in understander.catalogue.intents.values() for t in i.examples]
    found = [(name, text, understander.understand(text)) for name, text in pairs]
    wrong = [
        (name, text, u.intent) for name, text, u in found if (u.intent, u.crisis) != (name, None)
    ]
    assert len(wrong) <= (1 - FITTED) * len(pairs), wrong
