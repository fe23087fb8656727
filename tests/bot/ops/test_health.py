"""Looking at everything: each check's findings, and the incidents that follow from them."""

import pytest

from bot import app
from bot.clock import SystemClock
from bot.delivery import fence, incidents
from bot.ops import account, backup, health, jobs, local_checks, safety_checks, watch
from tests.support import world
from tests.support.desk import Desk


async def keys(rt, check):
    return {f.key: f for f in await health.found(rt, [check])}


async def open_incidents(rt):
    async with rt.db.read() as tx:
        return set(await incidents.open_keys(tx))


async def idle(rt):
    del rt


async def test_a_healthy_service_has_no_bad_finding(each_desk):
    await backup.backup(each_desk.rt)
    await jobs.run(each_desk.rt, "a", 1.0, idle)
    found = await health.examine(each_desk.rt, offline=True)
    bad = {f.key for f in found if f.is_bad}
    assert bad <= {"settings.no_privacy_key", "texts.unsigned"}
    assert {"settings.ok", "disk.ok", "database.ok", "index.ok"} <= {f.key for f in found}
    assert {"hotlines.ok", "backup.ok", "worker.ok"} <= {f.key for f in found}
    assert all(f.sentence("zh") and f.sentence("en") for f in found)


async def test_a_backup_is_missed_after_two_days(desk):
    assert set(await keys(desk.rt, local_checks.backup)) == {"backup.none"}
    await backup.backup(desk.rt)
    desk.clock.turn(hours=47)
    assert set(await keys(desk.rt, local_checks.backup)) == {"backup.ok"}
    desk.clock.turn(hours=1)
    found = await keys(desk.rt, local_checks.backup)
    assert (found["backup.old"].verdict, found["backup.old"].values["hours"]) == ("warn", 48)


async def test_hotlines_are_to_be_checked_every_month(desk):
    assert set(await keys(desk.rt, safety_checks.lines)) == {"hotlines.ok"}
    desk.clock.turn(days=31)
    found = (await keys(desk.rt, safety_checks.lines))["hotlines.overdue"]
    assert found.verdict == "warn"
    assert "12356" in found.values["numbers"]


async def test_a_silent_worker_and_a_failing_job_are_named(desk):
    assert set(await keys(desk.rt, local_checks.worker)) == {"worker.never"}

    async def broken(rt):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await jobs.run(desk.rt, "a.broken", 1.0, broken)
    found = await keys(desk.rt, local_checks.worker)
    assert found["worker.failing"].values == {"job": "a.broken", "error": "ZeroDivisionError"}
    desk.clock.turn(minutes=6)
    found = await keys(desk.rt, local_checks.worker)
    assert found["worker.away"].values == {"minutes": 6}


async def test_a_base_published_elsewhere_is_seen(each_desk):
    await each_desk.says("你好")
    assert "index.ok" in await keys(each_desk.rt, local_checks.store)
    async with each_desk.rt.db.write() as tx:
        await tx.exec_driver_sql("UPDATE base SET version = 'another'")
    found = (await keys(each_desk.rt, local_checks.store))["index.behind"]
    assert found.values["published"] == "another"


async def test_nothing_published_is_a_failure(desk):
    async with desk.rt.db.write() as tx:
        await tx.exec_driver_sql("DELETE FROM base")
    assert (await keys(desk.rt, local_checks.store))["index.empty"].verdict == "fail"


async def test_what_is_missing_is_said_and_the_rest_is_left(tmp_path, sqlite_settings):
    async with app.opened(sqlite_settings) as rt:
        found = [f.key for f in await health.examine(rt, offline=True)]
    assert found[-1] == "database.absent"


async def test_the_schema_of_before_is_named(desk):
    async with desk.rt.db.write() as tx:
        await tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    found = (await keys(desk.rt, local_checks.store))["database.schema"]
    assert found.values["stands"] == "0001"


async def test_secrets_of_another_installation_are_named(desk):
    async with desk.rt.db.write() as tx:
        await account.save(tx, desk.rt, {"previous_token": "formerTOKEN"}, by="admin")
    desk.rt.code_key = b"another installation's key......"
    await account.load(desk.rt)
    found = (await keys(desk.rt, local_checks.settings))["settings.unreadable"]
    assert found.values == {"names": "previous_token"}


async def test_a_bad_finding_opens_one_incident_and_its_end_closes_it(each_desk):
    rt = each_desk.rt
    await jobs.run(rt, "a", 1.0, idle)
    await watch.look_near(rt)
    await watch.look_near(rt)
    assert "backup.none" in await open_incidents(rt)
    async with rt.db.read() as tx:
        (one,) = [i for i in await incidents.listed(tx) if i.key == "backup.none"]
    assert one.count == 2
    await backup.backup(rt)
    await watch.look_near(rt)
    assert "backup.none" not in await open_incidents(rt)


async def test_incidents_of_others_are_left_open_and_quiet_refusals_end(desk):
    rt = desk.rt
    async with rt.db.write() as tx:
        await incidents.report(tx, "wechat.45009", desk.clock.now(), code=45009)
        await incidents.report(tx, "clock.wrong", desk.clock.now(), skew="+400")
    await watch.look_near(rt)
    assert {"wechat.45009", "clock.wrong"} <= await open_incidents(rt)
    desk.clock.turn(hours=25)
    await watch.look_near(rt)
    assert "wechat.45009" not in await open_incidents(rt)


async def test_a_raised_fence_is_an_incident_until_it_is_lifted(desk):
    async with desk.rt.db.write() as tx:
        await fence.raise_(tx, desk.clock.now(), "restored")
    await watch.look_near(desk.rt)
    assert "fence.up" in await open_incidents(desk.rt)
    async with desk.rt.db.write() as tx:
        await fence.lift(tx)
    await watch.look_near(desk.rt)
    assert "fence.up" not in await open_incidents(desk.rt)


async def test_the_platform_opens_and_closes_incidents_too(tmp_path, sqlite_settings):
    async with world.pretended() as (platform, address):
        given = sqlite_settings.model_copy(update={"wechat_api": address})
        async with Desk.open(given, at=SystemClock().now()) as desk:
            async with desk.rt.db.write() as tx:
                await incidents.report(tx, "wechat.40164", desk.clock.now(), code=40164)
            fault = {"kind": "error", "path": "/cgi-bin/stable_token", "code": 40164, "times": 1}
            platform.faults.add(fault)
            await watch.look_far(desk.rt)
            assert {"token.refused", "wechat.40164"} <= await open_incidents(desk.rt)
            desk.clock.turn(minutes=10)
            await watch.look_far(desk.rt)
            assert await open_incidents(desk.rt) == {"clock.wrong"}


async def test_what_was_over_long_ago_is_forgotten(desk):
    async with desk.rt.db.write() as tx:
        await incidents.report(tx, "disk.low", desk.clock.now())
        await incidents.resolve(tx, ["disk.low"], desk.clock.now())
    desk.clock.turn(days=181)
    assert await watch.forget_old(desk.rt) == 1
