"""A parent's copy of the family's rows: all of them, in words, and nobody else's."""

from bot.profile import export
from tests.bot.profile.test_onboarding import begun
from tests.support import places
from tests.support.desk import FATHER, MOTHER
from tests.support.world import ACCOUNT


async def copy_of(desk, who=MOTHER):
    async with desk.rt.db.read() as tx:
        return {k.name: k for k in await export.export(desk.rt, tx, (ACCOUNT, who))}


async def test_the_copy_holds_every_row_in_words(town_desk):
    desk = town_desk
    await begun(desk, "4")
    await begun(desk, "5", who=FATHER)
    await desk.says("我要加一个初三的孩子")
    told = await copy_of(desk)
    (guardian,) = told["guardian"].rows
    assert guardian[:3] == ("妈妈", "否", None)
    assert [row[:5] for row in told["child"].rows] == [
        ("三年级", "小学", 2024, "三年级3班", "扫班级码"),
        ("初三", "初中", 2024, None, "您说的"),
    ]
    consents = [(row[0], row[2]) for row in told["consent"].rows]
    assert consents[:2] == [("答疑服务", "是"), ("微课提醒", "否")]
    assert consents[-1] == ("微课提醒", "是")
    assert told["follower"].rows[0][2] == f"class:{places.CLASS}"


async def test_rows_and_columns_match_and_no_openid_is_in_it(town_desk):
    desk = town_desk
    await begun(desk)
    for kept in (await copy_of(desk)).values():
        assert all(len(row) == len(kept.columns) for row in kept.rows)
        assert MOTHER not in repr(kept)


async def test_of_a_stranger_nothing_is_kept(town_desk):
    assert {kept.rows for kept in (await copy_of(town_desk)).values()} == {()}
