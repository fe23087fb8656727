"""The code for a trial phone: once, ten minutes, and never in the way of danger or a question."""

import pytest

from bot.campaigns import trying
from tests.support.desk import FATHER, MOTHER
from tests.support.staffing import hire


@pytest.fixture
async def code(each_desk):
    actor = await hire(each_desk.rt, "ann", ("operator", "gz/tianhe", ""))
    async with each_desk.rt.db.write() as tx:
        return actor, await trying.new_code(each_desk.rt, tx, actor)


async def linked(desk, actor):
    async with desk.rt.db.read() as tx:
        return (await trying.phone(tx, actor)).person


async def test_the_phone_that_sends_the_code_is_linked(each_desk, code):
    actor, number = code
    assert "已经连上" in await each_desk.says(number)
    assert (await linked(each_desk, actor))[1] == MOTHER


async def test_a_code_is_good_once(each_desk, code):
    actor, number = code
    await each_desk.says(number)
    assert "已经连上" not in await each_desk.says(number, who=FATHER)
    assert (await linked(each_desk, actor))[1] == MOTHER


async def test_a_code_is_over_after_ten_minutes(each_desk, code):
    actor, number = code
    each_desk.clock.turn(minutes=11)
    assert "已经连上" not in await each_desk.says(number)
    assert await linked(each_desk, actor) is None


@pytest.mark.parametrize(
    "words", ["{} 孩子不想活了", "{} 孩子写作业磨蹭怎么办", "我的号码是{}", "1{}"]
)
async def test_words_beside_it_are_no_code(each_desk, code, words):
    actor, number = code
    assert "已经连上" not in await each_desk.says(words.format(number))
    assert await linked(each_desk, actor) is None


async def test_another_code_goes_its_own_way(each_desk, code):
    actor, number = code
    other = f"{(int(number) + 1) % 1_000_000:06d}"
    assert "已经连上" not in await each_desk.says(other)
    assert await linked(each_desk, actor) is None


async def test_who_has_everything_deleted_is_no_trial_phone(each_desk, code):
    actor, number = code
    await each_desk.says(number)
    await each_desk.says("删除我的资料")
    await each_desk.says("确认删除")
    assert await linked(each_desk, actor) is None


async def test_the_code_itself_is_not_kept(each_desk, code):
    _, number = code
    (row,) = await each_desk.rows("SELECT code FROM test_phone")
    assert number not in row["code"]
    assert len(row["code"]) == 64


def test_no_code_is_drawn_that_reads_as_something_else(desk, monkeypatch):
    drawn = iter((353123, 356630, 703526))  # a hotline, a time, a code
    monkeypatch.setattr(trying.secrets, "randbelow", lambda _most: next(drawn))
    assert trying._drawn(desk.rt) == "703526"
