"""Anybody checks a certificate: valid, revoked, cancelled, or not to be verified."""

import pytest

from bot.awards import proving, revoking, verify_pages
from bot.errors import InvalidInput, NotAllowed
from bot.school.certificate_tables import certificates
from tests.support.academy import CHEN, HUANG


@pytest.fixture
async def held(each_academy):
    mother, phone = await each_academy.phone()
    await each_academy.finishes(each_academy.person(mother))
    row = await each_academy.settled(each_academy.person(mother))
    return each_academy, mother, phone, row


async def revoke(academy, serial, reason="登记时弄错了"):
    async with academy.rt.db.write() as tx:
        await revoking.ask(academy.rt, tx, CHEN, serial, reason)
    async with academy.rt.db.write() as tx:
        await revoking.decide(academy.rt, tx, HUANG, serial, revokes=True)


async def test_a_stranger_sees_everything_but_the_name(held):
    academy, mother, _, row = held
    page = await academy.house.get(f"/h/verify/{row.serial}?s={row.signature}")
    for word in ("有效", "一星学习证", "刘**", "学时", row.serial, "2026-12-01", row.key, "公钥"):
        assert word in page.text
    assert "刘阿珍" not in page.text
    assert mother.openid not in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    found = await academy.house.get(f"/h/verify?serial={row.serial.lower().replace('-', '')}")
    assert found.headers["Location"] == f"/h/verify/{row.serial}"


async def test_a_changed_byte_in_the_address_is_not_verified(held):
    academy, _, _, row = held
    async with academy.rt.db.read() as tx:
        for place in range(8, len(row.serial)):
            other = "X" if row.serial[place] != "X" else "Y"
            wrong = row.serial[:place] + other + row.serial[place + 1 :]
            assert (await proving.look(tx, wrong)).status == "unknown"
        for place, sign in enumerate(row.signature):
            other = "A" if sign != "A" else "B"
            wrong = row.signature[:place] + other + row.signature[place + 1 :]
            assert (await proving.look(tx, row.serial, wrong)).status == "unknown"
        assert (await proving.look(tx, row.serial, "")).status == "unknown"
    page = await academy.house.get(f"/h/verify/{row.serial}?s={row.signature[:-1]}")
    assert "无法验证" in page.text
    assert "一星" not in page.text
    assert "无法验证" in (await academy.house.get("/h/verify?serial=GZ-2026-1111111")).text


async def test_a_row_that_was_changed_in_the_database_is_not_verified(held):
    academy, _, _, row = held
    async with academy.rt.db.write() as tx:
        changed = row.snapshot.replace('"hours":"', '"hours":"9')
        await tx.execute(certificates.update().values(snapshot=changed))
    assert "无法验证" in (await academy.house.get(f"/h/verify/{row.serial}")).text


async def test_a_revoked_one_shows_and_says_why(held):
    academy, mother, phone, row = held
    await revoke(academy, row.serial)
    page = await academy.house.get(f"/h/verify/{row.serial}?s={row.signature}")
    assert "已撤销：登记时弄错了" in page.text
    own = f"/h/mine/certificates/{row.serial}"
    assert "已撤销：登记时弄错了" in (await phone.get(own)).text
    assert (await phone.get(f"{own}/picture")).status == 404
    await academy.issues()
    assert len(await academy.certificates(academy.person(mother))) == 2


async def test_revoking_takes_two_and_happens_once(held):
    academy, _, _, row = held
    async with academy.rt.db.write() as tx:
        await revoking.ask(academy.rt, tx, CHEN, row.serial, "弄错了")
    with pytest.raises(NotAllowed):
        async with academy.rt.db.write() as tx:
            await revoking.decide(academy.rt, tx, CHEN, row.serial, revokes=True)
    with pytest.raises(InvalidInput):
        async with academy.rt.db.write() as tx:
            await revoking.ask(academy.rt, tx, HUANG, row.serial, "又一次")
    async with academy.rt.db.write() as tx:
        await revoking.decide(academy.rt, tx, CHEN, row.serial, revokes=False)
    assert "有效" in (await academy.house.get(f"/h/verify/{row.serial}")).text
    await revoke(academy, row.serial)
    with pytest.raises(InvalidInput):
        async with academy.rt.db.write() as tx:
            await revoking.decide(academy.rt, tx, HUANG, row.serial, revokes=True)
    audited = await academy.house.rows("SELECT action FROM audit ORDER BY number")
    assert [r["action"] for r in audited if r["action"].startswith("certificate")] == [
        "certificate.revoke_asked", "certificate.revoke_dropped", "certificate.revoke_asked",
        "certificate.revoked",
    ]  # fmt: skip


async def test_in_the_chat_a_serial_is_checked(held):
    academy, mother, _, row = held

    async def says(words):
        academy.house.wait(seconds=1)
        return await mother.says(words)

    told = await says(row.serial)
    for word in ("有效", row.serial, "一星学习证", "刘**", "2026-12-01"):
        assert word in told
    assert "刘阿珍" not in told
    assert "无法验证" in await says(
        f"查一下证书 {row.serial[:-1]}{'A' if row.serial[-1] != 'A' else 'B'}"
    )
    assert "把证上的编号发给我" in await says("验证证书")
    await revoke(academy, row.serial)
    assert "已撤销：登记时弄错了" in await says(row.serial)
    listed = await says("我的证书")
    assert f"{row.serial}（已撤销）" in listed
    assert "/h/mine/certificates" in listed


async def test_who_looks_too_often_waits_a_minute(held):
    academy, _, _, row = held
    path = f"/h/verify/{row.serial}"
    for _ in range(verify_pages.LOOKS):
        assert (await academy.house.get(path)).status == 200
    refused = await academy.house.get(path)
    assert refused.status == 429
    assert "查得太快" in refused.text
    academy.house.wait(seconds=61)
    assert (await academy.house.get(path)).status == 200
