"""The state of a conversation survives its trip through the database."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.conversation import Choices, Talk
from bot.dialogue.flow_state import FlowState

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = st.text(max_size=30)

choices = st.builds(
    Choices,
    kind=WORDS,
    values=st.lists(WORDS, max_size=5),
    until=st.floats(0, 4e9),
)
pending = st.dictionaries(WORDS, WORDS | st.integers() | st.booleans() | st.none(), max_size=5)
flows = st.deferred(
    lambda: st.builds(
        FlowState,
        name=WORDS,
        version=WORDS,
        step=WORDS,
        until=st.floats(0, 4e9),
        answers=st.lists(st.lists(WORDS, min_size=2, max_size=2), max_size=3),
        given=st.dictionaries(WORDS, WORDS, max_size=3),
        options=st.lists(st.lists(WORDS, min_size=4, max_size=4), max_size=3),
        wall=st.integers(0, 3),
        tries=st.integers(0, 3),
        is_aside=st.booleans(),
        under=st.none() | flows,
    )
)
talks = st.builds(
    Talk,
    choices=st.none() | choices,
    rest=WORDS,
    last_decision=st.none() | WORDS,
    pending=st.none() | pending,
    related=st.lists(WORDS, max_size=3),
    area=WORDS,
    flow=st.none() | flows,
    is_elder=st.booleans(),
    offered=st.floats(0, 4e9),
)


@given(talks)
def test_every_state_comes_back_as_it_was(talk):
    assert Talk.from_json(talk.to_json()) == talk


def test_a_state_stored_before_a_field_was_added_is_read():
    old = '{"choices":null,"rest":"r","last_decision":"D","pending":null}'
    assert Talk.from_json(old) == Talk(rest="r", last_decision="D")


def test_a_new_talk_waits_for_nothing_and_need_not_be_stored():
    talk = Talk()
    assert (talk.choices, talk.pending, talk.rest, talk.changed) == (None, None, "", False)


def test_an_offer_holds_until_its_instant_and_not_longer():
    talk = Talk()
    talk.offer("entry", ["a", "b"], NOW + timedelta(minutes=10))
    assert talk.changed
    assert talk.choices.pick(2, NOW + timedelta(minutes=10)) == "b"
    assert talk.choices.pick(2, NOW + timedelta(minutes=10, seconds=1)) is None


def test_only_offered_numbers_pick():
    offered = Choices("entry", ["a", "b"], (NOW + timedelta(minutes=1)).timestamp())
    assert [offered.pick(n, NOW) for n in (-1, 0, 1, 2, 3)] == [None, None, "a", "b", None]


def test_an_empty_offer_forgets_the_one_before():
    talk = Talk(choices=Choices("entry", ["a"], 1.0))
    talk.offer("entry", [], NOW)
    assert talk.choices is None


def test_where_a_parent_comes_from_is_stored_only_if_it_is_known():
    talk = Talk()
    assert "area" not in talk.to_json()
    talk.come_from("gz/tianhe")
    assert talk.changed
    assert Talk.from_json(talk.to_json()).area == "gz/tianhe"


def test_the_same_place_again_is_no_change():
    talk = Talk(area="gz/tianhe")
    talk.come_from("gz/tianhe")
    assert not talk.changed


def test_a_place_outlasts_a_crisis_and_goes_with_the_parent():
    talk = Talk(area="gz/tianhe")
    talk.forget()
    assert talk == Talk(area="gz/tianhe")
    talk.erase()
    assert talk == Talk()


def test_forgetting_leaves_a_new_talk():
    talk = Talk(Choices("entry", ["a"], 1.0), "rest", "D", {"kind": "crisis"}, ["e"])
    talk.forget()
    assert talk == Talk()
    assert talk.changed


def test_a_flow_waits_aside_while_something_else_comes_in_between():
    talk = Talk(flow=FlowState("f", "v", "s", 1.0))
    talk.forget()
    assert talk.flow.is_aside
    talk.erase()
    assert talk.flow is None


def test_who_is_in_no_flow_stores_nothing_of_flows():
    stored = Talk(rest="r").to_json()
    assert not {"flow", "is_elder", "offered"} & set(json.loads(stored))
