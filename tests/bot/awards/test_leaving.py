"""A parent leaves: certificates are cancelled, or stay verifiable where that was ticked."""

import pytest

from bot import app
from bot.awards import issuing, keys
from bot.ops import backup, restore
from bot.school.certificate_tables import certificates
from tests.support.academy import Academy
from tests.support.desk import all_cells

LIST = "/h/mine/certificates"


async def says(academy, parent, words):
    academy.house.wait(seconds=1)
    return await parent.says(words)


async def leaves(academy, parent):
    assert "学习证一起注销" in await says(academy, parent, "删除我")
    assert "已经删掉了" in await says(academy, parent, "确认删除")


@pytest.fixture
async def held(each_academy):
    mother, phone = await each_academy.phone()
    await each_academy.finishes(each_academy.person(mother))
    row = await each_academy.settled(each_academy.person(mother))
    return each_academy, mother, phone, row


async def test_without_the_tick_a_code_says_cancelled_and_nothing_else_is_left(held):
    academy, mother, _, row = held
    await leaves(academy, mother)
    for asked in ("", f"?s={row.signature}"):
        page = await academy.house.get(f"/h/verify/{row.serial}{asked}")
        assert "已注销" in page.text
        assert "一星" not in page.text
    wrong = await academy.house.get(f"/h/verify/{row.serial}?s={row.signature[:-1]}")
    assert "无法验证" in wrong.text
    rows = await academy.certificates()
    assert [(r.account, r.openid, r.snapshot) for r in rows] == [(None, None, "")] * 2
    assert "刘阿珍" not in await all_cells(academy.rt.db, without=("base",))


async def test_with_the_tick_it_stays_verifiable_and_is_of_nobody(held):
    academy, mother, phone, row = held
    done = await phone.post(f"{LIST}/keep", page=LIST, keep="1")
    assert done.headers["Location"] == f"{LIST}?done=kept"
    assert "学习证仍可验证" in (await phone.get(f"{LIST}?done=kept")).text
    await leaves(academy, mother)
    page = await academy.house.get(f"/h/verify/{row.serial}?s={row.signature}")
    assert "有效" in page.text
    assert "刘**" in page.text
    assert {(r.account, r.openid) for r in await academy.certificates()} == {(None, None)}


async def test_the_tick_can_be_taken_back(held):
    academy, mother, phone, row = held
    for wish in ("1", "0"):
        await phone.post(f"{LIST}/keep", page=LIST, keep=wish)
    await leaves(academy, mother)
    assert "已注销" in (await academy.house.get(f"/h/verify/{row.serial}")).text


async def test_two_who_left_do_not_stand_in_each_others_way(held):
    academy, mother, _, _ = held
    father, _ = await academy.phone("father")
    await academy.finishes(academy.person(father))
    await academy.issues()
    for parent in (mother, father):
        await leaves(academy, parent)
    assert len(await academy.certificates()) == 4


async def test_what_is_kept_is_exported_to_its_parent(held):
    academy, mother, _, row = held
    async with academy.rt.db.read() as tx:
        found = [
            one
            for exporter in academy.rt.exporters
            for one in await exporter(academy.rt, tx, academy.person(mother))
            if one.name == "certificates"
        ]
    (kept,) = found
    assert kept.title == "您的学习证"
    told = [r for r in kept.rows if r[4] == row.serial]
    assert told[0][1:] == (
        "一星学习证", "2026—2027 学年", told[0][3], row.serial, "刘阿珍", "有效", "", "一起注销",
    )  # fmt: skip


@pytest.fixture
def with_tools(settings, database_url, request):
    is_sqlite = database_url.startswith("sqlite")
    tools = "" if is_sqlite else request.getfixturevalue("postgres").tools
    return settings.model_copy(update={"pg_bin": tools})


async def test_a_restore_keeps_certificates_and_the_key_that_signs(with_tools):
    settings = with_tools
    async with Academy.open(settings) as academy:
        mother, _ = await academy.phone()
        person = academy.person(mother)
        await academy.finishes(person)
        row = await academy.settled(person)
        made = await backup.backup(academy.rt)
        clock = academy.house.clock
        async with academy.rt.db.write() as tx:
            await tx.execute(certificates.delete())
            await keys.rotate(academy.rt, tx)
    await restore.restore(settings, made.path)
    async with app.opened(settings, clock=clock) as rt:
        async with rt.db.read() as tx:
            found = (await tx.execute(certificates.select())).all()
        assert row in found
        async with rt.db.write() as tx:
            assert (await keys.signer(rt, tx)).id == row.key
            assert await issuing.issue(rt, tx, [person]) == 0
