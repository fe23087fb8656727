"""An alarm goes from person to person until somebody takes it; no school account sees one."""

import json

import pytest
from aiohttp import web

from bot.care import calling, roster
from bot.delivery import incidents
from bot.ops import watch
from tests.support.office import SCHOOL, TIANHE, YUEXIU

DANGER = "孩子说不想活了，刚才吃了一瓶药，他叫小明"


async def slot(counter, who, place, **changes):
    row = {"area": "", "severity": 1, "weekday": 0, "begins": 0, "ends": 1440} | changes
    await counter.office.change(
        "INSERT INTO duty_slot (area, severity, weekday, begins, ends, staff, place)"
        " VALUES (:area, :severity, :weekday, :begins, :ends, :staff, :place)",
        staff=who.id, place=place, **row,
    )  # fmt: skip


async def steps(counter):
    rows = await counter.rows("SELECT what, staff FROM alert_step ORDER BY id")
    return [(r["what"], r["staff"]) for r in rows]


async def alarm(counter):
    return (await counter.rows("SELECT * FROM alarm ORDER BY id"))[-1]


async def is_called(client):
    return "危机告警：" in (await client.get("/duty/banner")).text


async def test_one_after_the_other_then_all_then_an_incident(counter):
    rt = counter.office.rt
    first, second, third = [await counter.lead(f"lead{n}") for n in (1, 2, 3)]
    await slot(counter, second, 2)
    await slot(counter, first, 1)
    await counter.says(DANGER)
    assert await calling.call(rt) == 1
    assert [await is_called(c) for c in (first, second, third)] == [True, False, False]
    counter.pass_time(minutes=9, seconds=59)
    assert await calling.call(rt) == 0
    counter.pass_time(seconds=1)
    assert await calling.call(rt) == 1
    assert [await is_called(c) for c in (first, second, third)] == [True, True, False]
    counter.pass_time(minutes=10)
    assert await calling.call(rt) == 1
    assert [await is_called(c) for c in (first, second, third)] == [True, True, True]
    counter.pass_time(minutes=10)
    assert await calling.call(rt) == 1
    assert await steps(counter) == [
        ("raised", None), ("told", first.id), ("told", second.id), ("told_all", None),
        ("nobody", None),
    ]  # fmt: skip
    await watch.look_near(rt)
    async with rt.db.read() as tx:
        assert "duty.unanswered" in await incidents.open_keys(tx)
    counter.pass_time(hours=1)
    assert await calling.call(rt) == 0


async def test_who_takes_it_stops_the_calls(counter):
    rt, lead = counter.office.rt, await counter.lead()
    await counter.says(DANGER)
    await calling.call(rt)
    number = (await alarm(counter))["id"]
    assert (await lead.post(f"/duty/{number}/take")).location.endswith("done=duty.taken_done")
    row = await alarm(counter)
    assert (row["seen_by"], row["due_at"]) == (lead.id, None)
    counter.pass_time(minutes=25)
    assert await calling.call(rt) == 0
    assert not await is_called(lead)
    assert (await lead.post(f"/duty/{number}/take")).status == 400
    page = (await lead.get("/duty")).text
    assert "已接手" in page
    assert "小明" not in page
    closed = await lead.post(f"/duty/{number}/close", outcome="helped")
    assert closed.location.endswith("done=duty.closed_done")
    assert (await alarm(counter))["outcome"] == "helped"
    assert "已联系家长" in (await lead.get("/duty", tab="closed")).text
    assert [what for what, _ in await steps(counter)][-2:] == ["seen", "closed"]


async def test_an_alarm_is_closed_with_an_outcome_alone(one_counter):
    lead = await one_counter.lead()
    await one_counter.says(DANGER)
    number = (await alarm(one_counter))["id"]
    answer = await lead.post(f"/duty/{number}/close", outcome="")
    assert answer.location.endswith("done=duty.outcome_warning")
    assert (await alarm(one_counter))["closed_at"] is None


async def test_without_a_table_all_are_called_at_once(counter):
    leads = [await counter.lead(f"lead{n}") for n in (1, 2)]
    await counter.says(DANGER)
    await calling.call(counter.office.rt)
    assert [await is_called(c) for c in leads] == [True, True]


async def test_where_no_worker_runs_it_is_everybody_s_after_a_moment(one_counter):
    lead = await one_counter.lead()
    await slot(one_counter, await one_counter.lead("other"), 1)
    await one_counter.says(DANGER)
    assert not await is_called(lead)
    one_counter.pass_time(seconds=30)
    assert await is_called(lead)


async def test_who_may_not_answer_any_more_is_passed_over(one_counter):
    gone, lead = await one_counter.lead("gone"), await one_counter.lead()
    await slot(one_counter, gone, 1)
    await slot(one_counter, lead, 2)
    await one_counter.office.change(
        "UPDATE staff SET disabled_at = created_at WHERE id = :i", i=gone.id
    )
    await one_counter.says(DANGER)
    await calling.call(one_counter.office.rt)
    assert (await steps(one_counter))[-1] == ("told", lead.id)


async def test_severity_and_place_choose_who_is_called(one_counter):
    grave, light = await one_counter.lead("grave"), await one_counter.lead("light")
    there = await one_counter.lead("there", ("lead", YUEXIU, ""))
    await slot(one_counter, there, 1, area=YUEXIU)
    await slot(one_counter, grave, 2, severity=3)
    await slot(one_counter, light, 3)
    await one_counter.says("孩子说不想活了")
    await calling.call(one_counter.office.rt)
    assert (await steps(one_counter))[-1] == ("told", light.id)


@pytest.mark.parametrize(
    ("begins", "ends", "weekday", "now", "holds"),
    [
        (540, 1080, 2, "2026-11-24T09:00+08:00", True),  # Tuesday
        (540, 1080, 2, "2026-11-24T18:00+08:00", False),
        (540, 1080, 3, "2026-11-24T10:00+08:00", False),
        (1080, 540, 2, "2026-11-24T20:00+08:00", True),
        (1080, 540, 2, "2026-11-25T08:59+08:00", True),
        (1080, 540, 2, "2026-11-24T08:00+08:00", False),
        (0, 1440, 0, "2026-11-29T23:59+08:00", True),
    ],
)
def test_a_slot_holds_its_hours(begins, ends, weekday, now, holds):
    from datetime import datetime
    from types import SimpleNamespace

    row = SimpleNamespace(begins=begins, ends=ends, weekday=weekday)
    assert roster.covers(row, datetime.fromisoformat(now)) is holds


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("08:30", 510),
        ("24:00", 1440),
        ("24:01", None),
        ("8", None),
        ("08:60", None),
        ("x:00", None),
    ],
)
def test_a_time_is_read(text, minutes):
    assert roster.minutes(text) == minutes


async def test_no_school_account_sees_a_crisis(counter):
    """Neither the alarm, nor the ticket, nor its number in a badge, nor the stream."""
    await counter.says(DANGER)
    number = (await counter.rows("SELECT id FROM ticket"))[0]["id"]
    await counter.place(number, SCHOOL)
    await counter.office.change("UPDATE alarm SET area = :a", a=SCHOOL)
    held = [("agent", SCHOOL, ""), ("lead", SCHOOL, ""), ("lead", "gz/tianhe/shifan", "")]
    held += [("lead", "", "emo"), ("privacy", SCHOOL, ""), ("admin", SCHOOL, "")]
    for n, grant in enumerate(held):
        client = await counter.office.staff(f"school{n}", grant)
        assert (await client.get("/duty")).status == 403, grant
        assert (await client.get("/duty/events")).status == 403, grant
        assert (await client.get(f"/inbox/{number}")).status in (403, 404), grant
        inbox = await client.get("/inbox")
        assert inbox.status == 403 or "没有工单" in inbox.text, grant
        waiting = await client.get("/inbox/events")
        assert waiting.status == 403 or json.loads(waiting.text) == {"waiting": 0}, grant
        assert (await client.post(f"/inbox/{number}/access", reason="想看看原话")).status in (
            403,
            404,
        )
        code = (await counter.row(number))["code"]
        assert code not in (await client.get("/search", q=code)).text.replace(
            f'value="{code}"', ""
        ).replace(f"“{code}”", ""), grant
    for n, grant in enumerate([("lead", TIANHE, ""), ("lead", "", "")]):
        client = await counter.office.staff(f"wide{n}", grant)
        assert (await client.get(f"/inbox/{number}")).status == 200
        assert "等人接手" in (await client.get("/duty")).text


async def test_a_district_sees_its_own_alarms_alone(counter):
    await counter.says(DANGER)
    await counter.office.change("UPDATE alarm SET area = :a", a=TIANHE)
    other = await counter.office.staff("other", ("lead", YUEXIU, ""))
    assert "没有告警" in (await other.get("/duty")).text
    number = (await alarm(counter))["id"]
    assert (await other.post(f"/duty/{number}/take")).status == 404
    assert json.loads((await other.get("/duty/events")).text)["waiting"] == 0


async def test_the_table_is_edited(counter):
    lead, agent = await counter.lead(), await counter.agent()
    fields = {"staff": agent.id, "weekday": 1, "begins": "18:00", "ends": "09:00"}
    fields |= {"area": "", "severity": 3, "place": 2}
    done = await lead.post("/duty/table", **fields)
    assert done.location.endswith("done=duty.slot_done"), done.text
    page = (await lead.get("/duty/table")).text
    assert "周一 18:00-09:00" in page
    (row,) = await counter.rows("SELECT * FROM duty_slot")
    wrong = await lead.post("/duty/table", **(fields | {"begins": "25:00"}))
    assert (wrong.status, "08:30" in wrong.text) == (422, True)
    nobody = await lead.post("/duty/table", **(fields | {"staff": counter.office.founder}))
    assert nobody.status == 422
    gone = await lead.post(f"/duty/table/{row['id']}/remove")
    assert gone.location.endswith("done=duty.slot_gone")
    assert await counter.rows("SELECT 1 FROM duty_slot") == []
    assert (await agent.get("/duty/table")).status == 403


async def test_slips_are_listed_by_rule_without_words(counter):
    await counter.says(DANGER)
    await counter.says("3")
    editor = await counter.office.staff("editor", ("editor", "", ""))
    page = (await editor.get("/duty/slips")).text
    assert "self_harm." in page
    assert "误报 1 / 共 1" in page
    assert "小明" not in page


@pytest.fixture
async def address():
    """An address outside that takes calls, or refuses them."""
    heard, answers = [], []

    async def take(request):
        heard.append(await request.json())
        return web.Response(status=answers.pop(0) if answers else 200)

    application = web.Application()
    application.router.add_post("/duty", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/duty", heard, answers
    await runner.cleanup()


def outside(counter, url):
    from pydantic import SecretStr

    rt = counter.office.rt
    rt.settings = rt.settings.model_copy(update={"duty_url": SecretStr(url)})
    return rt


async def test_an_address_outside_is_told_without_words(counter, address):
    url, heard, _ = address
    rt = outside(counter, url)
    await counter.says(DANGER)
    assert await calling.post(rt) == 1
    assert await calling.post(rt) == 0
    (said,) = heard
    assert (said["category"], said["severity"], said["called"]) == ("self_harm", 3, 0)
    assert said["link"].endswith("/console/duty")
    told = json.dumps(said, ensure_ascii=False)
    assert "小明" not in told
    assert "oMother" not in told
    await counter.lead()
    await calling.call(rt)
    assert await calling.post(rt) == 1
    assert heard[-1]["called"] == "all"


async def test_a_refused_call_is_repeated_later_and_becomes_a_finding(counter, address):
    url, heard, answers = address
    rt = outside(counter, url)
    answers += [500, 302, 404]
    await counter.says(DANGER)
    for _ in range(3):
        assert await calling.post(rt) == 0
        assert await calling.post(rt) == 0  # not at once again
        counter.pass_time(minutes=1)
    await watch.look_near(rt)
    async with rt.db.read() as tx:
        assert "duty.unreachable" in await incidents.open_keys(tx)
    assert await calling.post(rt) == 1
    assert len(heard) == 4
    await watch.look_near(rt)
    async with rt.db.read() as tx:
        assert "duty.unreachable" not in await incidents.open_keys(tx)


async def test_an_address_that_is_not_there_stops_nothing(one_counter):
    rt = outside(one_counter, "http://127.0.0.1:9/duty")
    await one_counter.says(DANGER)
    assert await calling.post(rt) == 0
    assert (await alarm(one_counter))["post_tries"] == 1


async def test_without_an_address_nothing_piles_up(one_counter):
    await one_counter.says(DANGER)
    assert await calling.post(one_counter.office.rt) == 0
    assert (await alarm(one_counter))["post_at"] is None


async def test_old_alarms_are_forgotten(one_counter):
    lead = await one_counter.lead()
    await one_counter.says(DANGER)
    number = (await alarm(one_counter))["id"]
    await lead.post(f"/duty/{number}/close", outcome="slip")
    one_counter.pass_time(days=731)
    assert await calling.forget_old(one_counter.office.rt) == 1
    assert await one_counter.rows("SELECT 1 FROM alert_step") == []
