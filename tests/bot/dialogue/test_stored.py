"""Whatever came in or goes out can be written down and read again."""

import dataclasses
import inspect
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import stored
from bot.wechat import events, messages, replies

PLAIN = {
    str: st.text(max_size=20),
    int: st.integers(-(2**62), 2**62),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
}


def strategy(hint):
    """Return values of a field's type: plain ones, unions, tuples and records of them."""
    if hint in PLAIN:
        return PLAIN[hint]
    kind, parts = typing.get_origin(hint), typing.get_args(hint)
    if kind is typing.Literal:
        return st.sampled_from(parts)
    if kind is tuple:
        return st.lists(strategy(parts[0]), max_size=3).map(tuple)
    if parts:
        return st.one_of([strategy(p) for p in parts])
    return record(hint)


def record(kind):
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{f.name: strategy(hints[f.name]) for f in dataclasses.fields(kind)})


def kinds(module, base=object):
    return [
        c
        for _, c in inspect.getmembers(module, inspect.isclass)
        if c.__module__ == module.__name__ and dataclasses.is_dataclass(c) and issubclass(c, base)
    ]


MESSAGES = [*kinds(messages, messages.Inbound), *kinds(events, messages.Inbound)]
REPLIES = [c for c in kinds(replies) if hasattr(c, "kind")]


def test_the_kinds_are_found():
    assert {messages.Text, messages.Unknown, events.Subscribe} <= set(MESSAGES)
    assert len(MESSAGES) > 25
    assert {replies.TextReply, replies.NewsReply, replies.TransferReply} <= set(REPLIES)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda c: c.__name__)
def test_a_message_comes_back_as_it_was(kind):
    @given(record(kind))
    @settings(max_examples=25, deadline=None)
    def comes_back(message):
        line = stored.dump_message(message)
        assert "\n" not in line
        assert stored.load_message(line) == message

    comes_back()


@pytest.mark.parametrize("kind", REPLIES, ids=lambda c: c.__name__)
def test_a_reply_comes_back_as_it_was(kind):
    @given(record(kind))
    @settings(max_examples=25, deadline=None)
    def comes_back(reply):
        assert stored.loads(stored.dumps(reply)) == reply

    comes_back()


def test_nothing_shown_is_the_empty_string():
    assert stored.dumps(None) == ""
    assert stored.loads("") is None
