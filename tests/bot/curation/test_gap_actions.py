"""What people do with gaps, within their places and topics."""

import json

import pytest

from bot.console import audit
from bot.curation import gap_queries, gap_view, gaps, jobs, queries
from bot.curation.gap_queries import Wanted
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.library import candidate, find
from knowledge.entry import Status
from tests.support.asking import BIKE, KNOWN, NAILS
from tests.support.office import TIANHE, YUEXIU

ENTRY = "study.procrastinate.slow-homework"


class Desk:
    """One member of the staff at work on gaps."""

    def __init__(self, parents, actor):
        self.parents, self.actor, self.rt = parents, actor, parents.rt

    async def does(self, action, *given):
        async with self.rt.db.write() as tx:
            return await action(self.rt, tx, self.actor, *given)

    async def sees(self, **wanted):
        async with self.rt.db.read() as tx:
            found = await gap_queries.listed(
                tx, self.actor, Wanted(**wanted), self.rt.clock.now(), offset=0, limit=50
            )
        return {r.title: r for r in found}


async def desk_of(parents, login, *held):
    client = await parents.place.staff(login, *held)
    return Desk(parents, await client.actor())


@pytest.fixture
async def editor(each_parents):
    return await desk_of(each_parents, "editor", ("editor", "", ""))


@pytest.fixture
async def two(each_parents, editor):
    """The numbers of two gaps: biting nails, a bicycle's chain."""
    await each_parents.ask(*NAILS, *BIKE)
    await each_parents.collect()
    return await each_parents.gap_of(NAILS[0]), await each_parents.gap_of(BIKE[0])


async def actions_noted(parents):
    rows = await parents.place.rows("SELECT action FROM audit ORDER BY number")
    return [r["action"] for r in rows]


async def test_merging_moves_every_question_and_counts_anew(editor, two):
    nails, bike = two
    await editor.does(gaps.merge, nails, bike)
    assert await editor.parents.gaps() == {bike: [*NAILS, *BIKE]}
    row, gone = await editor.parents.row(bike), await editor.parents.row(nails)
    assert (row["questions"], row["askers"]) == (4, 4)
    assert (gone["state"], gone["merged_into"], gone["questions"]) == ("merged", bike, 0)
    assert "gap.merged" in await actions_noted(editor.parents)


async def test_merged_questions_stay_and_new_ones_follow_them(editor, two):
    await editor.does(gaps.merge, *two)
    await editor.parents.ask("孩子啃指甲啃出血了", who="other")
    await editor.parents.collect()
    found = await editor.parents.gaps()
    assert set(found) <= {two[1], max(found)}
    assert NAILS[0] in found[two[1]]


async def test_a_gap_is_not_merged_into_itself_nor_into_a_closed_one(editor, two):
    nails, bike = two
    with pytest.raises(InvalidInput, match=r"gap\.itself"):
        await editor.does(gaps.merge, nails, nails)
    await editor.does(gaps.dismiss, bike, "不是我们的事")
    with pytest.raises(InvalidInput, match=r"gap\.state"):
        await editor.does(gaps.merge, nails, bike)


async def test_a_question_taken_out_has_a_gap_of_its_own(editor, two):
    rows = await editor.parents.place.rows(
        "SELECT decision FROM gap_question WHERE text = :w", w=NAILS[1]
    )
    made = await editor.does(gaps.move_out, two[0], rows[0]["decision"])
    found = await editor.parents.gaps()
    assert (found[two[0]], found[made]) == ([NAILS[0]], [NAILS[1]])
    assert (await editor.parents.row(two[0]))["title"] == NAILS[0]


async def test_the_last_question_is_not_taken_out(editor, each_parents):
    await each_parents.ask(NAILS[0])
    await each_parents.collect()
    (row,) = await each_parents.place.rows("SELECT gap, decision FROM gap_question")
    with pytest.raises(InvalidInput, match=r"gap\.question"):
        await editor.does(gaps.move_out, row["gap"], row["decision"])


async def test_dismissing_asks_for_a_reason_and_can_be_undone(editor, two):
    with pytest.raises(InvalidInput, match=r"gap\.reason_missing"):
        await editor.does(gaps.dismiss, two[1], "  ")
    await editor.does(gaps.dismiss, two[1], "修车不归我们管")
    assert (await editor.parents.row(two[1]))["note"] == "修车不归我们管"
    await editor.does(gaps.reopen, two[1])
    assert (await editor.parents.row(two[1]))["state"] == "open"


async def test_a_gap_goes_to_a_colleague_who_can_see_it(editor, two):
    master = await editor.parents.place.account("master", ("author", "", "life"))
    stranger = await editor.parents.place.account("stranger", ("author", YUEXIU, ""))
    await editor.does(gaps.assign, two[0], master, "life.sleep")
    row = await editor.parents.row(two[0])
    assert (row["state"], row["assignee"], row["topic"]) == ("assigned", master, "life.sleep")
    for person in (stranger, 12345):
        with pytest.raises(InvalidInput, match=r"gap\.assignee"):
            await editor.does(gaps.assign, two[0], person, "life.sleep")
    with pytest.raises(InvalidInput, match=r"gap\.assignee"):
        await editor.does(gaps.assign, two[0], master, "study.reading")


async def test_questions_become_ways_of_asking_of_a_draft(editor, two):
    rows = await editor.parents.place.rows("SELECT decision FROM gap_question")
    added = await editor.does(gaps.attach, two[0], ENTRY, [r["decision"] for r in rows])
    assert set(added) == set(NAILS)
    async with editor.rt.db.read() as tx:
        working = await queries.row(tx, editor.actor, ENTRY)
    assert [a.text for a in working.entry.similar if a.style == "log"][-2:] == added
    assert working.state == "draft"
    assert (await editor.parents.row(two[0]))["entry"] == ENTRY
    with pytest.raises(InvalidInput, match=r"gap\.nothing_to_attach"):
        await editor.does(gaps.attach, two[0], ENTRY, [r["decision"] for r in rows])


async def publish(rt, entry):
    """Publish an entry as the release page does."""
    made = await candidate.build(rt, [entry])
    async with rt.db.write() as tx:
        await candidate.publish(rt, tx, made, origin="console", now=rt.clock.now())


async def test_a_draft_begun_for_a_gap_brings_what_was_asked(editor, two):
    async with editor.rt.db.read() as tx:
        gap = await gap_queries.one(tx, editor.actor, two[0])
    entry = gap_view.begun(
        gap, "life.sleep", "啃指甲", editor.actor, "答", editor.parents.place.clock.now().date()
    )
    await editor.does(gaps.draft, two[0], entry)
    async with editor.rt.db.read() as tx:
        working = await queries.row(tx, editor.actor, entry.id)
    assert {working.entry.question, *(a.text for a in working.entry.similar)} == set(NAILS)
    row = await editor.parents.row(two[0])
    assert (row["state"], row["assignee"], row["entry"]) == ("assigned", editor.actor.id, entry.id)
    assert row["topic"] == "life.sleep"


async def test_a_gap_is_solved_when_its_entry_comes_out_and_not_before(editor, two):
    rows = await editor.parents.place.rows("SELECT decision FROM gap_question")
    await editor.does(gaps.attach, two[0], ENTRY, [r["decision"] for r in rows])
    assert await jobs.solve(editor.rt) == 0
    async with editor.rt.db.read() as tx:
        drafted = (await queries.row(tx, editor.actor, ENTRY)).entry
    editor.parents.place.clock.turn(minutes=5)
    await publish(editor.rt, drafted)
    assert await jobs.solve(editor.rt) == 1
    assert (await editor.parents.row(two[0]))["state"] == "solved"
    assert (await actions_noted(editor.parents))[-1] == "gap.solved"


async def test_linking_an_entry_parents_get_solves_at_once(editor, two):
    await editor.does(gaps.link, two[0], ENTRY)
    assert (await editor.parents.row(two[0]))["state"] == "solved"


async def test_the_chain_of_the_audit_holds_and_tells_no_words(editor, two):
    await editor.does(gaps.merge, *two)
    assert (await audit.verify(editor.rt)).broken is None
    rows = await editor.parents.place.rows("SELECT target, detail FROM audit")
    assert not any(word in json.dumps([dict(r) for r in rows]) for word in (*NAILS, *BIKE))


async def test_a_district_sees_and_counts_its_own_questions_alone(each_parents, two):
    await each_parents.live_in(TIANHE, NAILS[0])
    await each_parents.live_in(YUEXIU, NAILS[1])
    tianhe = await desk_of(each_parents, "tianhe", ("editor", TIANHE, ""))
    (row,) = (await tianhe.sees()).values()
    assert (row.id, row.questions, row.askers) == (two[0], 1, 1)
    async with tianhe.rt.db.read() as tx:
        gap = await gap_queries.one(tx, tianhe.actor, two[0])
        listed = await gap_queries.members(tx, tianhe.actor, gap)
        assert [q.text for q in listed] == [NAILS[0]]
        with pytest.raises(NotFound):
            await gap_queries.one(tx, tianhe.actor, two[1])


@pytest.mark.parametrize(
    ("action", "given"),
    [
        (gaps.dismiss, ("x",)),
        (gaps.merge, (999,)),
        (gaps.link, (ENTRY,)),
        (gaps.attach, (ENTRY, [1])),
    ],
)
async def test_what_touches_all_of_a_gap_asks_for_all_of_its_places(
    each_parents, two, action, given
):
    await each_parents.live_in(TIANHE, NAILS[0])
    tianhe = await desk_of(each_parents, "tianhe", ("editor", TIANHE, ""))
    with pytest.raises(NotAllowed, match=r"gap\.elsewhere"):
        await tianhe.does(action, two[0], *given)


async def test_a_topic_s_author_sees_that_topic_alone(each_parents, two):
    await each_parents.place.change("UPDATE gap SET topic = 'life.sleep' WHERE id = :g", g=two[0])
    author = await desk_of(each_parents, "author", ("author", "", "life"))
    assert [r.id for r in (await author.sees()).values()] == [two[0]]


async def test_who_may_only_look_changes_nothing(each_parents, two):
    operator = await desk_of(each_parents, "operator", ("operator", "", ""))
    assert len(await operator.sees()) == 2
    with pytest.raises(NotFound):
        await operator.does(gaps.dismiss, two[0], "x")


async def test_the_list_is_sorted_by_demand_and_by_its_rise(editor, two):
    place = editor.parents.place
    place.clock.turn(days=8)
    await editor.parents.ask(BIKE[1], who="again")
    for words in (KNOWN, "没用"):
        await editor.parents.say("mother", words)
    await editor.parents.collect()
    rows = list((await editor.sees()).values())
    assert [r.questions for r in rows] == [3, 2, 1]
    assert (rows[0].week, rows[0].before) == (1, 2)
    rising = list((await editor.sees(sort="rising")).values())
    assert rising[0].title == KNOWN
    oldest = list((await editor.sees(sort="oldest")).values())
    assert oldest[0].id == two[0]


async def test_gaps_like_one_another_are_suggested(editor, each_parents):
    await each_parents.ask(*NAILS)
    await each_parents.collect()
    (row,) = await each_parents.place.rows(
        "SELECT decision, gap FROM gap_question WHERE text = :w", w=NAILS[1]
    )
    made = await editor.does(gaps.move_out, row["gap"], row["decision"])
    async with editor.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(editor.rt, connection))
        gap = await gap_queries.one(tx, editor.actor, made)
        found = await gap_view.alike(editor.rt, tx, editor.actor, gap)
    assert [(one.id, one.title) for one in found] == [(row["gap"], NAILS[0])]


async def test_a_draft_stays_one_until_it_is_published(editor, two):
    async with editor.rt.db.read() as tx:
        gap = await gap_queries.one(tx, editor.actor, two[0])
        entry = gap_view.begun(
            gap, "life.sleep", "s", editor.actor, "a", editor.rt.clock.now().date()
        )
    assert entry.status is Status.DRAFT
