"""What time does to accounts, and that the worker does it."""

from bot import app
from bot.admin import jobs
from bot.people import invitations, throttle
from bot.people.actor import Grant


async def test_used_and_old_links_failures_and_sessions_go(each_office):
    office = each_office
    await office.staff("chen")
    async with office.rt.db.write() as tx:
        now = office.clock.now()
        await invitations.make(tx, "invite", now=now, grant=Grant("editor", ""), by=1)
        await throttle.begin(tx, throttle.keys("chen", "1.1.1.1"), now)
    tables = ("invitation", "login_failure", "staff_session")
    office.clock.turn(days=9)
    await jobs.forget_old(office.rt)
    counts = [len(await office.rows(f"SELECT key FROM {t}")) for t in tables]
    assert counts == [1, 0, 0]
    office.clock.turn(days=2)
    await jobs.forget_old(office.rt)
    assert await office.rows("SELECT key FROM invitation") == []


async def test_the_head_of_the_log_is_kept_outside_the_database(office):
    admin = await office.staff("admin", ("admin", "", ""))
    await admin.post("/audit/verify")
    await jobs.keep_head(office.rt)
    await office.change("DELETE FROM audit")
    assert "链在 #1 断开" in (await admin.post("/audit/verify")).text


def test_the_worker_runs_both_jobs():
    mine = {job for feature in app.FEATURES if feature.name == "admin" for job in feature.jobs}
    assert mine == {(86400.0, jobs.forget_old), (3600.0, jobs.keep_head)}
