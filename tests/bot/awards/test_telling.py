"""A parent hears of a new certificate once: at the next visit in the chat, or on the pages."""

import pytest
from sqlalchemy import delete, update

from bot.awards import telling
from bot.delivery.ledger_tables import broadcasts
from bot.dialogue.tables import conversation
from bot.school.certificate_tables import certificates

LIST = "/h/mine/certificates"


async def says(academy, parent, words="你好"):
    academy.house.wait(seconds=1)
    return await parent.says(words)


@pytest.fixture
async def graduate(each_academy):
    mother, phone = await each_academy.phone()
    await each_academy.finishes(each_academy.person(mother))
    await each_academy.issues()
    return each_academy, mother, phone


async def test_the_next_visit_tells_of_all_that_is_new_and_only_once(graduate):
    academy, mother, _ = graduate
    assert "学习证" not in await says(academy, mother)  # the conversation does not know yet
    assert [await telling.tell(academy.rt) for _ in range(2)] == [1, 0]
    told = await says(academy, mother)
    assert told.startswith("您有 2 张新的学习证：")
    assert "一星学习证" in told
    assert "/h/mine/certificates" in told
    assert "学习证" not in await says(academy, mother)
    assert await telling.tell(academy.rt) == 0
    async with academy.rt.db.read() as tx:  # nothing was pushed
        assert (await tx.execute(broadcasts.select())).all() == []


async def test_who_has_seen_it_on_the_page_is_not_told(graduate):
    academy, mother, phone = graduate
    await telling.tell(academy.rt)
    await phone.get(LIST)
    assert "学习证" not in await says(academy, mother)


async def test_who_saw_it_first_makes_no_line_wait(graduate):
    academy, mother, phone = graduate
    await phone.get(LIST)
    assert await telling.tell(academy.rt) == 1
    assert "学习证" not in await says(academy, mother)


async def test_it_stands_among_the_messages_until_it_is_read(graduate):
    academy, mother, phone = graduate
    row = (await academy.certificates())[0]
    page = await phone.get("/h/mine/messages")
    assert page.text.count("新的学习证：") == 2
    assert page.text.count("没看过：") == 2
    one = await phone.get(f"/h/mine/messages/certificate-{row.serial}")
    assert f"{LIST}/{row.serial}" in one.text
    assert (await phone.get("/h/mine/messages")).text.count("没看过：") == 1
    await telling.tell(academy.rt)
    assert (await says(academy, mother)).startswith("您有一张新的学习证：")
    assert "没看过：" not in (await phone.get("/h/mine/messages")).text


async def test_nobody_else_reads_the_message(graduate):
    academy, _, _ = graduate
    row = (await academy.certificates())[0]
    _, other = await academy.phone("father")
    for name in (f"certificate-{row.serial}", "certificate-", "certificate-x"):
        assert (await other.get(f"/h/mine/messages/{name}")).status == 404
    assert all(r.seen_at is None for r in await academy.certificates())


async def test_a_revoked_one_is_not_told_of(graduate):
    academy, mother, _ = graduate
    await telling.tell(academy.rt)
    async with academy.rt.db.write() as tx:
        now = academy.rt.clock.now()
        await tx.execute(update(certificates).values(revoked_at=now))
    assert "学习证" not in await says(academy, mother)


async def test_who_left_is_not_told_and_does_not_hold_up_the_others(graduate):
    academy, mother, _ = graduate
    father, _ = await academy.phone("father")
    await academy.finishes(academy.person(father))
    await academy.issues()
    await says(academy, mother, "删除我")
    await says(academy, mother, "确认删除")
    assert await telling.tell(academy.rt) == 1
    assert (await says(academy, father)).startswith("您有 2 张新的学习证：")


async def test_a_forgotten_conversation_loses_the_line_and_not_the_message(graduate):
    academy, mother, phone = graduate
    await telling.tell(academy.rt)
    async with academy.rt.db.write() as tx:
        await tx.execute(delete(conversation))
    assert "学习证" not in await says(academy, mother)
    assert (await phone.get("/h/mine/messages")).text.count("没看过：") == 2


async def test_many_are_told_in_small_transactions(academy, monkeypatch):
    monkeypatch.setattr(telling, "FEW", 1)
    for name in ("mother", "father", "aunt"):
        parent, _ = await academy.phone(name)
        await academy.finishes(academy.person(parent))
    await academy.issues()
    assert await telling.tell(academy.rt) == 3
    assert await telling.tell(academy.rt) == 0
