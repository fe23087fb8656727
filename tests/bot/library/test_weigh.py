"""A plain harmless answer outweighs a weak guess of danger, and nothing else."""

from dataclasses import replace

import pytest

from bot.library import find, publish, weigh
from intents.crisis import Crisis
from intents.understand import Understanding
from knowledge.judge import Band
from knowledge.search import NOTHING, Found, Hit
from tests.support.world import small_base

ENTRY = "study.procrastinate.slow-homework"
ASKED = next(e.question for e in small_base() if e.id == ENTRY)
WEAK = Crisis("medical", 1, "second_look.medical", needs_check=True, is_weak=True)


@pytest.fixture
def guess(desk):
    """Let the model guess the same of every text."""

    def guess(crisis):
        desk.rt._meant = lambda _text: Understanding("ask_question", crisis=crisis)

    guess(WEAK)
    return guess


async def publish_as(desk, **changes):
    base = [replace(e, **changes) if e.id == ENTRY else e for e in small_base()]
    await publish.publish(desk.rt, base, origin="file")
    async with desk.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(desk.rt, connection))


async def test_what_the_base_answers_plainly_is_no_danger(desk, guess):
    await publish_as(desk)
    found = desk.rt.understand(ASKED)
    assert (found.crisis, found.rule) == (None, "answered")


async def test_what_it_does_not_answer_is(desk, guess):
    await publish_as(desk)
    assert desk.rt.understand("隔壁的小孩三天没出过门").crisis == WEAK


async def test_an_entry_of_risk_is_no_all_clear(desk, guess):
    await publish_as(desk, risk=2)
    assert desk.rt.understand(ASKED).crisis == WEAK


@pytest.mark.parametrize(
    "found",
    [replace(WEAK, is_weak=False), replace(WEAK, rule="medical.swallowed", is_weak=False)],
)
async def test_a_sure_guess_and_a_rule_stand(desk, guess, found):
    await publish_as(desk)
    guess(found)
    assert desk.rt.understand(ASKED).crisis == found


async def test_without_a_base_the_guess_stands(desk, guess):
    desk.rt.shelf.clear()
    desk.rt.is_answered = type(desk.rt).__dataclass_fields__["is_answered"].default
    assert desk.rt.understand(ASKED).crisis == WEAK


def test_the_first_hit_must_be_near_or_the_base_sure():
    entries = {e.id: e for e in small_base()}

    def found(probability, score):
        return Found((Hit(ENTRY, entries[ENTRY].topic, score),), probability, Band.ANSWER)

    assert weigh.is_plain(found(0.75, 0.85), entries)
    assert weigh.is_plain(found(0.95, 0.5), entries)
    assert not weigh.is_plain(found(0.75, 0.75), entries)
    assert not weigh.is_plain(found(0.65, 0.95), entries)
    assert not weigh.is_plain(NOTHING, entries)
