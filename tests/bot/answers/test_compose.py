"""The text of an answer: the curated words, the source, the id, and what to ask next."""

import re

import pytest

from bot.answers import compose
from bot.dialogue.conversation import Talk
from bot.dialogue.turn import Turn
from bot.library import find
from bot.wechat.texts import TEXT_LIMIT_BYTES
from knowledge import files, hotlines
from knowledge.entry import Status
from knowledge.search import Hit
from tests.support.desk import MORNING

ENTRIES = [e for e in files.load() if e.status is Status.PUBLISHED]


@pytest.fixture(scope="module")
def whole_base(tmp_path_factory):
    """The whole published base; fitted once."""
    return find.from_files(tmp_path_factory.mktemp("index") / "index.npz")


@pytest.fixture
async def turn(desk):
    await desk.says("你好")  # the base is loaded by the first batch
    return Turn(
        rt=desk.rt,
        message=desk.words(""),
        talk=Talk(),
        now=MORNING,
        asker="asker",
        decision="ABCD1234",
    )


async def test_every_real_answer_names_source_date_and_id_and_fits_one_message(turn, whole_base):
    for entry in ENTRIES:
        text, offers = compose.answer(turn, whole_base, entry, ())
        assert len(text.encode()) <= TEXT_LIMIT_BYTES, entry.id
        assert text.startswith(hotlines.fill(entry.answer)), entry.id
        assert all(s.name in text for s in entry.sources), entry.id
        assert re.search(r"核实 20\d\d-\d\d\n", text), entry.id
        assert "答案编号 ABCD1234" in text, entry.id
        assert "{" not in text, entry.id
        assert len(offers) <= compose.FOLLOW_UPS, entry.id
        assert text.endswith(turn.say("ask_question", "feedback")), entry.id


async def test_offers_are_numbered_with_their_summaries(turn, whole_base):
    entry = next(e for e in ENTRIES if len(e.related) >= 2)
    text, offers = compose.answer(turn, whole_base, entry, ())
    for number, offer in enumerate(offers, 1):
        assert f"\n{number}. {whole_base.entries[offer].summary}\n" in text


async def test_the_curator_s_relatives_come_before_near_hits(turn, whole_base):
    entry = next(e for e in ENTRIES if len(e.related) == 1)
    near, far = [e for e in ENTRIES if e.id not in {entry.id, *entry.related}][:2]
    hits = (
        Hit(entry.id, entry.topic, 0.9),
        Hit(near.id, near.topic, 0.5),
        Hit(far.id, far.topic, 0.1),
    )
    assert compose.follow_ups(whole_base, entry, hits, frozenset()) == [*entry.related, near.id]


async def test_what_is_not_published_is_not_offered(turn, whole_base):
    entry = next(e for e in ENTRIES if e.related)
    hits = (Hit("gone.gone.gone", "gone", 0.9),)
    assert "gone.gone.gone" not in compose.follow_ups(whole_base, entry, hits, frozenset())


async def test_what_is_past_its_last_day_is_not_offered(turn, whole_base):
    entry = next(e for e in ENTRIES if len(e.related) >= 2)
    barred = frozenset(entry.related[:1])
    assert compose.follow_ups(whole_base, entry, (), barred) == list(entry.related[1:])


async def test_two_answers_with_one_entry_differ_in_the_id_alone(turn, whole_base):
    first, _ = compose.answer(turn, whole_base, ENTRIES[0], ())
    turn.decision = "WXYZ9876"
    second, _ = compose.answer(turn, whole_base, ENTRIES[0], ())
    assert second == first.replace("ABCD1234", "WXYZ9876")
