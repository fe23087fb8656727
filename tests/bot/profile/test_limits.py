"""How far what is known may be used: not to choose content, not for research."""

import pytest
from sqlalchemy import insert

from bot.dialogue import aside
from bot.people.families import guardians
from bot.profile import limits
from tests.support import world
from tests.support.desk import FATHER, MOTHER


async def known(desk, *people):
    now = desk.clock.now()
    row = {"account": world.ACCOUNT, "role": "", "is_elder": False}
    async with desk.rt.db.write() as tx:
        for openid in people:
            given = row | {"openid": openid, "added_at": now, "changed_at": now}
            await tx.execute(insert(guardians).values(given))


async def off(desk):
    rows = await desk.rows("SELECT openid FROM guardian WHERE personal_off_at IS NOT NULL")
    return [r["openid"] for r in rows]


@pytest.fixture
def wishing(each_desk):
    """A desk where 菜单 stands for the wish: the words for it are not tested here."""
    each_desk.engine.replies["help"] = each_desk.engine.replies["personal_off"]
    return each_desk


async def test_content_is_not_chosen_by_the_family_until_it_is_again(wishing):
    await known(wishing, MOTHER, FATHER)
    assert await wishing.says("菜单") == wishing.rt.say("limits", "personal_off")
    assert await off(wishing) == [MOTHER]
    assert await wishing.says("恢复") == wishing.rt.say("limits", "personal_on")
    assert await off(wishing) == []


async def test_of_whom_nothing_is_known_nothing_is_chosen(wishing):
    assert await wishing.says("菜单") == wishing.rt.say("limits", "personal_unknown")
    assert await wishing.rows("SELECT 1 FROM guardian") == []


async def test_questions_are_not_for_research(each_desk):
    person = (world.ACCOUNT, MOTHER)
    told = await aside.act(each_desk.rt, person, limits.research_off)
    assert told == each_desk.rt.say("limits", "research_off")
    rows = await each_desk.rows("SELECT openid, kind, is_given FROM consent")
    assert [(r["openid"], r["kind"], bool(r["is_given"])) for r in rows] == [
        (MOTHER, "research", False)
    ]
