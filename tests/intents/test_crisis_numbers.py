"""An overdue number leaves every crisis text, whole sentences stay, 110 and 120 are never lost."""

import itertools
import re

import pytest

from intents import crisis_numbers, crisis_replies, crisis_soft

LINES = ("hotline_12356", "hotline_12355", "hotline_12338")
TEXTS = {**crisis_replies.texts(), **crisis_soft.texts()}
BROKEN = re.compile(r"[，、；。]{2}|[，、；]$|^[，。、；]|[，、；]\n|拨。|拨$", re.MULTILINE)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_left_is_whole(name):
    text = TEXTS[name]
    for size in (1, 2, 3):
        for gone in itertools.combinations(LINES, size):
            left = crisis_numbers.without(text, gone)
            names = crisis_numbers.named(left)
            assert not set(names) & set(gone)
            wanted = [n for n in crisis_numbers.named(text) if n not in gone]
            assert sorted(names) == sorted(wanted), left
            if left != text:
                assert not BROKEN.search(left), left
                items = [int(n) for n in re.findall(r"^(\d)\. ", left, re.MULTILINE)]
                assert items == list(range(1, len(items) + 1))


def test_nothing_gone_changes_nothing():
    assert all(crisis_numbers.without(text, ()) == text for text in TEXTS.values())


def test_either_of_two_is_the_other():
    text = "也可拨{hotline_12355}或{hotline_12338}。"
    assert crisis_numbers.without(text, ["hotline_12355"]) == "也可拨{hotline_12338}。"
    assert crisis_numbers.without(text, LINES) == ""
