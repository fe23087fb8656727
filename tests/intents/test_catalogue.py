from __future__ import annotations

import re
import shutil

import pytest

from intents import catalogue
from intents.errors import CatalogueError

TOP = """placeholders: [name]
default: ask
intents:
  ask: {answered_by: answers, example: x}
"""
COMMON = "lead_ins: 请\ntails: 了\ncommon: 我\nlists: {you: 你}\n"
ASK = "patterns: []\nexamples: [x]\nreplies: {main: hello}\n"


@pytest.fixture
def folder(write):
    write("zh/_common.yaml", COMMON)
    write("zh/ask.yaml", ASK)
    return write("catalogue.yaml", TOP).parent


def test_a_small_catalogue_loads(folder):
    loaded = catalogue.load(folder)
    assert loaded.intents["ask"].replies == {"main": "hello"}
    assert loaded.default == "ask"


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("zh/other.yaml", ASK, "other.yaml:1: the catalogue has no intent `other`"),
        ("zh/ask.yaml", ASK + "more: 1\n", "ask.yaml:4: unknown key `more`"),
        ("zh/ask.yaml", "patterns: []\nreplies: {a: b}\n", "ask.yaml:1: `examples` is missing"),
        ("zh/ask.yaml", ASK.replace("hello", "'{age}'"), "no placeholder `{age}`"),
        ("zh/ask.yaml", ASK.replace("hello", "''"), "ask.yaml:3: expected a text"),
        ("zh/ask.yaml", ASK.replace("{main: hello}", "{}"), "ask.yaml:3: `replies` is empty"),
        ("catalogue.yaml", TOP.replace("default: ask", "default: no"), "`no` is none of ask"),
        ("catalogue.yaml", TOP.replace("example: x", "owner: x"), "unknown key `owner`"),
        ("catalogue.yaml", TOP + "  gone: {answered_by: a, example: b}\n", "gone.yaml is missing"),
    ],
)
def test_every_fault_is_one_sentence_with_its_place(folder, write, file, content, fault):
    write(file, content)
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        catalogue.load(folder)


def test_the_real_catalogue_replies_fit_a_bubble(understander):
    for intent in understander.catalogue.intents.values():
        for name, reply in intent.replies.items():
            assert len(reply) <= 350, (intent.name, name)


def test_every_intent_that_is_recognised_has_patterns_and_five_examples(understander):
    listed = understander.catalogue
    for intent in listed.intents.values():
        if intent.event or intent.name == listed.default:
            assert not intent.patterns
        else:
            assert intent.patterns, intent.name
            assert len(intent.examples) >= 5, intent.name


def test_the_real_files_can_live_in_another_folder(tmp_path):
    copy = tmp_path / "intents"
    shutil.copytree(catalogue.FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert catalogue.load(copy).intents.keys() == catalogue.load().intents.keys()
