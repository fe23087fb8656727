"""Certificates on the console: numbers, no names; one by its serial, revoked by two, printed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.awards import issuing
from bot.clock import HandClock
from bot.school.certificate_tables import certificates
from bot.school.learner_tables import enrolments
from tests.support import school, world
from tests.support.office import TIANHE, Office

CITY = ("operator", "", "")


@pytest.fixture
async def bureau(settings):
    async with Office.open(settings, clock=HandClock(datetime(2026, 12, 1, 2, tzinfo=UTC))) as o:
        await o.units()
        await school.publish(o.rt)
        yield o


async def graduates(office, count, first=0):
    now = office.clock.now()
    people = [(world.ACCOUNT, f"oParent_{n:02}") for n in range(first, count)]
    async with office.rt.db.write() as tx:
        await tx.execute(insert(enrolments), [
            {"account": a, "openid": o, "course": "homework-rhythm", "version": 1,
             "state": "finished", "lesson": 0, "step": "done", "at_step": 0, "begun_at": now,
             "acted_at": now, "finished_at": now} for a, o in people
        ])  # fmt: skip
        await issuing.issue(office.rt, tx, people)
    async with office.rt.db.read() as tx:
        return (await tx.execute(certificates.select().order_by(certificates.c.id))).all()


async def test_fewer_than_ten_are_not_a_number(bureau):
    browser = await bureau.staff("chen", CITY)
    assert "还没有发过学习证" in (await browser.get("/certificates")).text
    await graduates(bureau, 9)
    page = await browser.get("/certificates")
    assert "不到 10" in page.text
    assert ">9<" not in page.text
    await graduates(bureau, 12, 9)
    page = await browser.get("/certificates")
    assert ">12<" in page.text
    assert "oParent" not in page.text
    assert "GZ-2026-" not in page.text.replace("GZ-2026-1A2B3C4", "")


async def test_one_is_found_by_its_serial_revoked_by_two_and_told(bureau):
    (row, *_) = await graduates(bureau, 1)
    chen, huang = await bureau.staff("chen", CITY), await bureau.staff("huang", CITY)
    found = await chen.get("/certificates", serial=row.serial.lower())
    assert found.location == f"/console/certificates/{row.serial}"
    assert "没有这个编号" in (await chen.get("/certificates", serial="GZ-2026-1111111")).text
    one = f"/certificates/{row.serial}"
    assert "oParent" not in (await chen.get(one)).text
    assert (await chen.post(f"{one}/ask", reason=" ")).status == 422
    assert (await chen.post(f"{one}/ask", reason="课没有上完")).status == 303
    assert (await chen.post(f"{one}/revoke")).status == 403
    assert (await huang.post(f"{one}/ask", reason="又一次")).status == 422
    assert row.serial in (await huang.get("/certificates")).text
    assert (await huang.post(f"{one}/revoke")).status == 303
    assert "已撤销：课没有上完" in (await chen.get(one)).text
    assert (await huang.post(f"{one}/drop")).status == 422
    assert (await chen.get("/certificates/GZ-2026-1111111")).status == 404


async def test_a_settled_one_is_printed_and_that_is_audited(bureau):
    (row, *_) = await graduates(bureau, 1)
    chen = await bureau.staff("chen", CITY)
    one = f"/certificates/{row.serial}"
    assert (await chen.post(f"{one}/pdf")).status == 404
    async with bureau.rt.db.write() as tx:
        await issuing.settle(bureau.rt, tx, row, "刘阿珍")
    page = await chen.get(one)
    assert "刘**" in page.text
    assert "刘阿珍" not in page.text
    pdf = await chen.post(f"{one}/pdf")
    assert pdf.body.startswith(b"%PDF")
    (said,) = await bureau.rows("SELECT target FROM audit WHERE action = 'certificate.printed'")
    assert said["target"] == f"certificate:{row.serial}"


async def test_a_part_of_the_city_has_no_certificates(bureau):
    (row, *_) = await graduates(bureau, 1)
    here = await bureau.staff("here", ("operator", TIANHE, ""))
    for path in ("/certificates", f"/certificates/{row.serial}"):
        assert (await here.get(path)).status == 403


async def test_only_who_may_changes_the_keys(bureau):
    (row, *_) = await graduates(bureau, 1)
    chen, admin = await bureau.staff("chen", CITY), await bureau.staff("root", ("admin", "", ""))
    assert (await chen.post("/certificates/rotate")).status == 403
    assert (await admin.post("/certificates/rotate")).status == 303
    made = await bureau.rows("SELECT id, retired_at FROM certificate_key ORDER BY number")
    assert [one["id"] == row.key for one in made] == [True, False]
    assert made[0]["retired_at"]
