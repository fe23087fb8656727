"""The key that signs certificates: there, not yet there, lost, or sealed by another key."""

from sqlalchemy import delete, update

from bot.awards import keys as pairs
from bot.ops import certificate_checks, health, watch
from bot.people import sealed
from bot.school import signing_keys
from bot.school.certificate_tables import certificates, keys


async def found(rt):
    (finding,) = await health.found(rt, [certificate_checks.key])
    return finding.key, finding.verdict


async def change(rt, statement):
    async with rt.db.write() as tx:
        await tx.execute(statement)


def issued(rt):
    return certificates.insert().values(
        serial="GZ26-1", rule="star-1", period="2026-2027", snapshot="{}", signature="x",
        key="x", template=1, issued_at=rt.clock.now(),
    )  # fmt: skip


async def test_the_key_opens_or_is_not_needed_yet(each_desk):
    rt = each_desk.rt
    assert await found(rt) == ("certificates.none", "ok")
    async with rt.db.write() as tx:
        await pairs.signer(rt, tx)
    assert await found(rt) == ("certificates.ok", "ok")


async def test_a_lost_key_is_a_failure_once_something_was_signed(each_desk):
    rt = each_desk.rt
    await change(rt, issued(rt))
    assert await found(rt) == ("certificates.no_key", "fail")
    async with rt.db.write() as tx:
        await pairs.signer(rt, tx)
    await change(rt, delete(keys))
    assert await found(rt) == ("certificates.no_key", "fail")


async def test_a_key_that_does_not_open_is_an_incident_until_it_is_changed(desk):
    rt = desk.rt
    async with rt.db.write() as tx:
        await pairs.signer(rt, tx)
    other = sealed.seal(b"of another installation, 32 byte", signing_keys.PURPOSE, b"x" * 32)
    for held in (other, b"damaged", None):
        await change(rt, update(keys).values(sealed=held))
        assert await found(rt) == ("certificates.unreadable", "fail")
    await watch.look_near(rt)
    sql = "SELECT 1 FROM incident WHERE key = 'certificates.unreadable' AND resolved_at IS NULL"
    async with rt.db.read() as tx:
        assert (await tx.exec_driver_sql(sql)).all()
    async with rt.db.write() as tx:
        await pairs.rotate(rt, tx)
    assert await found(rt) == ("certificates.ok", "ok")
    await watch.look_near(rt)
    async with rt.db.read() as tx:
        assert not (await tx.exec_driver_sql(sql)).all()
