"""Who may write, approve and withdraw a pinned answer, and where."""

import pytest

from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.pinned import actions, queries
from bot.pinned.actions import Wanted
from tests.bot.pinned.conftest import PANYU, TIANHE, TOPIC, entry

OTHER = "media.game"


async def row(room, number):
    (found,) = await room.office.rows("SELECT * FROM pinned_answer WHERE id = :n", n=number)
    return found


async def test_who_wrote_it_does_not_approve_it(room):
    number = await room.drafted()
    with pytest.raises(NotAllowed, match=r"pinned\.second_person"):
        await room.does(actions.approve, await room.person("writer"), number, 1)
    assert (await row(room, number))["state"] == "draft"


async def test_who_changed_it_last_does_not_approve_it_and_neither_does_who_began_it(room):
    number = await room.drafted()
    second = await room.person("second")
    changed = Wanted(entry(answer="番禺区学校明天照常上课，请以区教育局的通告为准。"), 12)
    await room.does(actions.save, second, number, changed, 1)
    for login in ("second", "writer"):
        with pytest.raises(NotAllowed, match=r"pinned\.second_person"):
            await room.does(actions.approve, await room.person(login), number, 2)
    await room.does(actions.approve, await room.person("third"), number, 2)
    found = await row(room, number)
    assert (found["state"], found["approved_by_name"]) == ("live", "third先生")


async def test_what_was_changed_since_it_was_read_is_not_approved(room):
    number = await room.drafted()
    await room.does(actions.save, await room.person("writer"), number, Wanted(entry(), 48), 1)
    with pytest.raises(InvalidInput, match=r"pinned\.state"):
        await room.does(actions.approve, await room.person("second"), number, 1)


async def test_two_cannot_approve_it_and_an_approved_text_cannot_be_changed(room):
    number = await room.pinned()
    with pytest.raises(InvalidInput, match=r"pinned\.state"):
        await room.does(actions.approve, await room.person("third"), number, 2)
    with pytest.raises(InvalidInput, match=r"pinned\.state"):
        await room.does(actions.save, await room.person("writer"), number, Wanted(entry(), 24), 2)


@pytest.mark.parametrize(
    ("grant", "may_write", "may_approve"),
    [
        (("editor", "", ""), True, True),
        (("editor", PANYU, ""), True, True),
        (("editor", PANYU, TOPIC), True, True),
        (("editor", PANYU, OTHER), False, False),
        (("editor", TIANHE, ""), False, False),
        (("editor", f"{PANYU}/shiqiao-1", ""), False, False),
        (("author", PANYU, ""), True, False),
        (("reviewer", PANYU, ""), False, True),
        (("operator", "", ""), False, False),
        (("leader", "", ""), False, False),
    ],
)
async def test_by_role_and_place(room, grant, may_write, may_approve):
    person = await room.person("somebody", grant)
    if may_write:
        await room.does(actions.create, person, Wanted(entry(), 24))
    else:
        with pytest.raises(NotAllowed):
            await room.does(actions.create, person, Wanted(entry(), 24))
    number = await room.drafted()
    if may_approve:
        await room.does(actions.approve, person, number, 1)
    else:
        with pytest.raises(NotFound):
            await room.does(actions.approve, person, number, 1)


async def test_a_district_cannot_speak_for_the_city_or_move_a_draft_out(room):
    person = await room.person("district", ("editor", PANYU, ""))
    for area in ("", "gz", TIANHE):
        with pytest.raises(NotAllowed):
            await room.does(actions.create, person, Wanted(entry(area=area), 24))
    number = await room.drafted()
    with pytest.raises(NotAllowed):
        await room.does(actions.save, person, number, Wanted(entry(area=""), 24), 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "没有停课。"},
        {"wordings": ("停课",)},
        {"wordings": ("停课", "课")},
        {"wordings": ("停课", "张老师说停课")},
        {"wordings": ("停课", "停课打13800138000问")},
        {"answer": "番禺区学校照常上课，有问题请打电话 020-12345678 找区教育局问清楚。"},
        {"answer": "**番禺区学校照常上课**，没有停课安排，请以区教育局通告为准。"},
    ],
)
async def test_the_lint_stops_the_approval(room, changes):
    number = await room.drafted(**changes)
    with pytest.raises(InvalidInput, match=r"pinned\.problems"):
        await room.does(actions.approve, await room.person("second"), number, 1)


async def test_every_step_stands_in_the_log(room):
    number = await room.pinned()
    await room.does(actions.withdraw, await room.person("second"), number, "更正")
    rows = await room.office.rows(
        "SELECT action, area, login FROM audit WHERE target = :t ORDER BY number",
        t=f"pinned:{number}",
    )
    assert [(r["action"], r["login"]) for r in rows] == [
        ("pinned.created", "writer"), ("pinned.approved", "second"), ("pinned.withdrawn", "second"),
    ]  # fmt: skip
    assert {r["area"] for r in rows} == {PANYU}


async def test_a_foreign_one_is_not_found(room):
    number = await room.pinned()
    person = await room.person("far", ("editor", TIANHE, ""))
    async with room.rt.db.read() as tx:
        with pytest.raises(NotFound):
            await queries.one(tx, person, number)
    with pytest.raises(NotFound):
        await room.does(actions.withdraw, person, number, "x")
