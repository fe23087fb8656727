"""Who gets a pinned answer, since when, until when, and how it can be looked up again."""

import pytest
from sqlalchemy import insert

from bot.curation import trying
from bot.dialogue import talks
from bot.errors import InvalidInput
from bot.library import find, record
from bot.people.families import guardians
from bot.people.followers import followers
from bot.pinned import actions
from intents.crisis import Crisis
from intents.understand import Understanding
from tests.bot.pinned.conftest import ANSWER, PANYU, RUMOUR, TIANHE
from tests.support import world
from tests.support.office import CLASS

PANYU_CLASS = f"{PANYU}/shiqiao-1/2024/1"


async def talk_of(room, who, area):
    async with room.rt.db.write() as tx:
        person = world.ACCOUNT, room.parents.openid(who)
        await talks.change(tx, person, room.office.clock.now(), lambda t: t.come_from(area))


async def test_a_parent_of_the_district_gets_it_and_another_does_not(room):
    await room.pinned()
    await talk_of(room, "panyu", PANYU)
    await talk_of(room, "tianhe", TIANHE)
    told = await room.parents.say("panyu", RUMOUR[0])
    assert ANSWER in told
    assert "番禺区教育局通告" in told
    assert "只对番禺区的家长" in told
    assert ANSWER not in await room.parents.say("tianhe", RUMOUR[0])
    assert ANSWER not in await room.parents.say("unknown", RUMOUR[0])


@pytest.mark.parametrize("words", ["停课", "番禺停课", "停课通知是真的吗", "明天学校停课吗"])
async def test_it_goes_before_what_the_classifier_guessed(room, words):
    await room.pinned()
    await talk_of(room, "panyu", PANYU)
    assert ANSWER in await room.parents.say("panyu", words)


async def test_it_goes_before_an_answer_that_outweighed_a_guess_of_danger(room, monkeypatch):
    await room.pinned()
    await talk_of(room, "panyu", PANYU)
    weak = Crisis("medical", 1, "second_look.medical", needs_check=True, is_weak=True)
    room.rt._meant = lambda _text: Understanding("ask_question", crisis=weak)
    monkeypatch.setattr(find, "is_answered", lambda _rt, _text: True)
    assert ANSWER in await room.parents.say("panyu", RUMOUR[0])
    monkeypatch.setattr(find, "is_answered", lambda _rt, _text: False)
    assert ANSWER not in await room.parents.say("panyu", RUMOUR[0])


@pytest.mark.parametrize("words", ["菜单", "转人工", "删除我", "退订"])
async def test_a_command_stays_a_command(room, words):
    await room.pinned(wordings=(words, "停课"))
    await talk_of(room, "panyu", PANYU)
    assert ANSWER not in await room.parents.say("panyu", words)


async def test_the_class_of_a_child_is_firmer_than_a_code(room):
    await room.pinned()
    await talk_of(room, "moved", PANYU)
    await room.in_class("moved", CLASS)  # a class of Tianhe
    assert ANSWER not in await room.parents.say("moved", RUMOUR[0])
    await room.in_class("moved", PANYU_CLASS)  # another child
    assert ANSWER in await room.parents.say("moved", RUMOUR[0])


async def test_who_wishes_not_to_be_answered_by_the_family_is_not(room):
    await room.pinned()
    await room.in_class("private", PANYU_CLASS)
    now = room.office.clock.now()
    row = {
        "account": world.ACCOUNT, "openid": room.parents.openid("private"), "role": "mother",
        "is_elder": False, "personal_off_at": now, "added_at": now, "changed_at": now,
    }  # fmt: skip
    async with room.rt.db.write() as tx:
        await tx.execute(insert(guardians).values(row))
    assert ANSWER not in await room.parents.say("private", RUMOUR[0])
    await room.office.change("UPDATE guardian SET personal_off_at = NULL")
    assert ANSWER in await room.parents.say("private", RUMOUR[0])


async def test_the_code_by_which_somebody_followed_counts_last(room):
    await room.pinned()
    row = {
        "account": world.ACCOUNT, "openid": room.parents.openid("scene"), "follows": True,
        "changed_s": 1, "scene": f"unit:{PANYU}",
    }  # fmt: skip
    async with room.rt.db.write() as tx:
        await tx.execute(insert(followers).values(row))
    assert ANSWER in await room.parents.say("scene", RUMOUR[0])
    await talk_of(room, "scene", TIANHE)
    assert ANSWER not in await room.parents.say("scene", RUMOUR[0])


async def test_what_is_for_the_whole_city_reaches_parents_of_no_known_place(room):
    await room.pinned(area="")
    told = await room.parents.say("unknown", RUMOUR[0])
    assert ANSWER in told
    assert "只对" not in told


async def test_other_questions_are_answered_as_before(room):
    await talk_of(room, "panyu", PANYU)
    await talk_of(room, "other", PANYU)
    before = await room.parents.say("other", "孩子写作业总是拖拉怎么办")
    await room.pinned()
    after = await room.parents.say("panyu", "孩子写作业总是拖拉怎么办")
    assert ANSWER not in after
    assert before.partition("答案编号")[0] == after.partition("答案编号")[0]


async def test_a_crisis_stands_before_it(room):
    await room.pinned(wordings=("停课孩子想死", "停课"))
    await talk_of(room, "panyu", PANYU)
    told = await room.parents.say("panyu", "停课了孩子说想死，不想活了")
    assert ANSWER not in told
    assert "110" in told or "12356" in told


async def test_a_draft_is_no_answer_and_it_ends_by_itself(room):
    await talk_of(room, "panyu", PANYU)
    number = await room.drafted(hours=24)
    assert ANSWER not in await room.parents.say("panyu", RUMOUR[0])
    await room.does(actions.approve, await room.person("second"), number, 1)
    assert ANSWER in await room.parents.say("panyu", RUMOUR[0])
    room.office.clock.turn(hours=23, minutes=59)
    assert ANSWER in await room.parents.say("panyu", RUMOUR[0])
    room.office.clock.turn(minutes=2)
    assert ANSWER not in await room.parents.say("panyu", RUMOUR[0])
    with pytest.raises(InvalidInput, match=r"pinned\.state"):
        await room.does(actions.withdraw, await room.person("writer"), number, "过了")


async def test_withdrawn_on_one_replica_it_is_gone_on_all_at_once(room):
    number = await room.pinned()
    await talk_of(room, "panyu", PANYU)
    openid = room.parents.openid("panyu")
    async with room.replica() as other:
        desk = room.desk(other)
        assert ANSWER in await desk.says(RUMOUR[0], who=openid)
        await room.does(actions.withdraw, await room.person("writer"), number, "教育局更正")
        assert ANSWER not in await desk.says(RUMOUR[1], who=openid)
    assert ANSWER not in await room.parents.say("panyu", RUMOUR[0])


async def test_the_narrower_of_two_answers(room):
    await room.pinned(area="", answer="全市学校照常上课，请以市教育局的通告为准，谢谢。")
    await room.pinned()
    await talk_of(room, "panyu", PANYU)
    assert ANSWER in await room.parents.say("panyu", RUMOUR[0])
    assert "全市学校照常上课" in await room.parents.say("unknown", RUMOUR[0])


async def test_the_record_names_it_and_can_be_replayed_even_when_it_is_over(room):
    number = await room.pinned()
    await talk_of(room, "panyu", PANYU)
    await room.parents.say("panyu", RUMOUR[0])
    (row,) = await room.decisions()
    assert (row["rule"], row["band"]) == ("pinned", "answer")
    assert row["entry"] == f"study.reading.pinned-{number}"
    room.office.clock.turn(hours=30)
    actor = await room.person("reader")
    async with room.rt.db.read() as tx:
        (looked,) = await trying.look_up(room.rt, tx, actor, row["code"])
    assert looked.replay.is_same, looked.replay
    assert looked.said == ANSWER
    changed = dict(looked.row) | {"text": "孩子不肯看书"}
    assert not record.replay(room.rt, changed).is_same


async def test_a_vote_is_kept_with_it(room):
    await room.pinned()
    await talk_of(room, "panyu", PANYU)
    await room.parents.say("panyu", RUMOUR[0])
    await room.parents.say("panyu", "有用")
    (row,) = await room.decisions()
    assert row["feedback"] == 1


async def test_an_elder_gets_short_lines(room):
    await room.pinned()
    await talk_of(room, "elder", PANYU)
    async with room.rt.db.write() as tx:
        person = world.ACCOUNT, room.parents.openid("elder")
        await talks.change(
            tx, person, room.office.clock.now(), lambda t: t.set_elder(is_elder=True)
        )
    assert "照常上课" in await room.parents.say("elder", RUMOUR[0])
