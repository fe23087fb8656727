"""Questions without an answer become gaps; nothing is looked at twice, and nobody is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.curation import jobs
from tests.support.asking import BED, BIKE, KNOWN, NAILS, WORD


async def test_questions_of_one_need_make_one_gap_with_its_counts(each_parents):
    await each_parents.ask(*NAILS, *BIKE)
    await each_parents.collect()
    assert sorted(map(sorted, (await each_parents.gaps()).values())) == sorted(
        [sorted(NAILS), sorted(BIKE)]
    )
    row = await each_parents.row(await each_parents.gap_of(NAILS[0]))
    assert (row["state"], row["questions"], row["askers"]) == ("open", 2, 2)
    assert row["title"] in NAILS


async def test_one_parent_who_asks_twice_is_one_asker(parents):
    await parents.say("mother", NAILS[0])
    await parents.say("mother", NAILS[1])
    await parents.collect()
    row = await parents.row(await parents.gap_of(NAILS[0]))
    assert (row["questions"], row["askers"]) == (2, 1)


async def test_several_runs_make_the_same_gaps_as_one(each_parents):
    asked = [text for three in zip(NAILS, BIKE, BED, strict=False) for text in three]
    for number, words in enumerate(asked):
        await each_parents.say(f"p{number}", words)
        await each_parents.collect()
    several = await standing(each_parents)
    await start_over(each_parents)
    await each_parents.collect()
    assert await standing(each_parents) == several
    assert len(several) == 3


async def standing(parents):
    rows = await parents.place.rows("SELECT id, title, questions, askers FROM gap")
    gaps = await parents.gaps()
    return sorted((r["title"], r["questions"], r["askers"], tuple(gaps[r["id"]])) for r in rows)


async def start_over(parents):
    """Bring every question back to where it was before the first run."""
    async with parents.rt.db.write() as tx:
        await tx.execute(
            text(
                "INSERT INTO missed_question (code, asker, reason, at) "
                "SELECT code, asker, reason, at FROM gap_question ORDER BY decision"
            )
        )
        await tx.execute(text("DELETE FROM gap_question"))
        await tx.execute(text("DELETE FROM gap"))


async def test_a_new_question_joins_the_gap_there_is(parents):
    await parents.ask(NAILS[0])
    await parents.collect()
    await parents.ask(NAILS[1], who="other")
    await parents.collect()
    assert list((await parents.gaps()).values()) == [list(NAILS)]


async def test_a_closed_gap_takes_no_new_questions(parents):
    await parents.ask(NAILS[0])
    await parents.collect()
    await parents.place.change("UPDATE gap SET state = 'dismissed'")
    await parents.ask(NAILS[1], who="other")
    await parents.collect()
    assert list((await parents.gaps()).values()) == [[NAILS[0]], [NAILS[1]]]


async def test_a_question_somebody_moved_stays_where_it_was_put(parents):
    await parents.ask(*NAILS)
    await parents.collect()
    gap = await parents.gap_of(NAILS[0])
    await parents.place.change(
        "INSERT INTO gap (id, title, state, topic, note, questions, askers, first_at, last_at, "
        "changed_at) SELECT 99, title, state, topic, note, questions, askers, first_at, last_at, "
        "changed_at FROM gap"
    )
    await parents.place.change("UPDATE gap_question SET gap = 99 WHERE text = :w", w=NAILS[1])
    await parents.ask(*BIKE, who="other")
    await parents.collect()
    assert (await parents.gaps())[gap] == [NAILS[0]]
    assert (await parents.gaps())[99] == [NAILS[1]]


async def test_what_is_not_about_children_is_no_gap(parents):
    await parents.ask("量子力学的薛定谔方程怎么解")
    await parents.collect()
    assert await parents.gaps() == {}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((KNOWN, "没用"), "not_helpful"),
        ((WORD, "0"), "none_meant"),
        ((NAILS[0],), "declined"),
        ((NAILS[0], "没用"), "declined"),
    ],
)
async def test_the_reason_is_kept(each_parents, said, reason):
    for words in said:
        await each_parents.say("mother", words)
    await each_parents.collect()
    (kept,) = await each_parents.place.rows("SELECT text, reason FROM gap_question")
    assert (kept["text"], kept["reason"]) == (said[0], reason)


async def test_a_bad_vote_on_a_picked_answer_is_about_the_words_before_the_number(parents):
    for words in (WORD, "1", "没用"):
        await parents.say("mother", words)
    await parents.collect()
    assert list((await parents.gaps()).values()) == [[WORD]]


@pytest.mark.parametrize("said", [(KNOWN, "1", "没用"), (KNOWN, "没用", "有用")])
async def test_no_question_is_behind_it(parents, said):
    """A number picked beside an answer; a bad vote that was changed to a good one."""
    for words in said:
        await parents.say("mother", words)
    await parents.collect()
    assert await parents.gaps() == {}


async def test_the_topic_is_guessed_from_near_entries_until_somebody_takes_it_up(parents):
    for words in (KNOWN, "没用"):
        await parents.say("mother", words)
    await parents.collect()
    gap = await parents.gap_of(KNOWN)
    assert (await parents.row(gap))["topic"] == "study.procrastinate"
    await parents.place.change("UPDATE gap SET topic = 'emo.low', state = 'assigned'")
    for words in (KNOWN, "没用"):
        await parents.say("father", words)
    await parents.collect()
    assert (await parents.row(gap))["topic"] == "emo.low"


async def test_erasing_a_parent_takes_their_questions_wishes_and_title(each_parents):
    await each_parents.say("mother", NAILS[0])
    await each_parents.say("mother", "2")
    await each_parents.say("father", NAILS[1])
    await each_parents.collect()
    gap = await each_parents.gap_of(NAILS[1])
    await each_parents.place.change("UPDATE gap SET title = :t", t=NAILS[0])
    await erase(each_parents, "mother")
    assert (await each_parents.row(gap))["title"] == NAILS[1]
    await each_parents.collect()
    row = await each_parents.row(gap)
    assert (row["title"], row["questions"], row["askers"]) == (NAILS[1], 1, 1)
    assert await each_parents.place.rows("SELECT * FROM answer_wish") == []


async def test_a_gap_of_an_erased_parent_alone_is_gone(parents):
    await parents.say("mother", NAILS[0])
    await parents.collect()
    await erase(parents, "mother")
    await parents.collect()
    assert await parents.place.rows("SELECT * FROM gap") == []


async def test_what_an_erased_parent_asked_a_moment_ago_is_not_collected(parents):
    await parents.say("mother", NAILS[0])
    await erase(parents, "mother")
    await parents.collect()
    assert await parents.gaps() == {}


async def erase(parents, who):
    await parents.say(who, "删除我的资料")
    await parents.say(who, parents.rt.say("delete_me", "confirm"))


async def test_questions_and_wishes_go_with_the_days_of_the_records(each_parents):
    await each_parents.say("mother", NAILS[0])
    await each_parents.say("mother", "2")
    await each_parents.collect()
    days = each_parents.rt.settings.decision_days
    each_parents.place.clock.turn(days=days - 1)
    await each_parents.say("father", NAILS[1])
    await each_parents.collect()
    each_parents.place.clock.turn(days=1.5)
    await jobs.forget_old(each_parents.rt)
    (row,) = await each_parents.place.rows("SELECT title, questions FROM gap")
    assert (row["title"], row["questions"]) == (NAILS[1], 1)
    assert await each_parents.place.rows("SELECT * FROM answer_wish") == []
    each_parents.place.clock.turn(days=days)
    await jobs.forget_old(each_parents.rt)
    assert await each_parents.place.rows("SELECT * FROM gap") == []


async def test_a_question_older_than_a_day_is_not_behind_a_number(parents):
    await parents.say("mother", WORD)
    await parents.say("mother", "1")
    await parents.place.change("UPDATE decision SET at = :a WHERE text = :w",
                               a=(parents.place.clock.now() - timedelta(days=2)).isoformat(sep=" "),
                               w=WORD)  # fmt: skip
    await parents.say("mother", "没用")
    await parents.collect()
    assert await parents.gaps() == {}
