"""Metrics: what they count, who may read them, and that no parent is in them."""

import re

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.delivery import fence, incidents
from bot.ops import jobs, metrics
from bot.wechat.messages import Image
from tests.support.desk import MOTHER
from tests.support.wire import exchange, request
from tests.support.world import City

LABELLED = re.compile(r"^(bot_\w+)(?:\{(.*)\})? ([0-9.e+]+)$", re.MULTILINE)


@pytest.fixture
async def shown(each_desk):
    page = metrics.Page(each_desk.rt, lambda: 3)

    async def show():
        text = (await page.text()).decode()
        return {(name, labels): float(value) for name, labels, value in LABELLED.findall(text)}

    return show


async def test_messages_are_counted_by_kind_intent_and_band(each_desk, shown):
    await each_desk.says("孩子写作业总是拖拉怎么办")
    await each_desk.says("谢谢")
    await each_desk.says("谢谢")
    await each_desk.says("我不想活了")
    await each_desk.gets(each_desk.event(Image, "p", "m"))
    found = {
        labels: n for (name, labels), n in (await shown()).items() if name == "bot_messages_total"
    }
    assert found == {
        'band="answer",intent="ask_question",kind="Text"': 1,
        'band="",intent="thanks",kind="Text"': 2,
        'band="",intent="crisis",kind="Text"': 1,
        'band="",intent="",kind="Image"': 1,
    }


async def test_a_repeat_is_counted_once(each_desk, shown):
    message = each_desk.words("谢谢")
    await each_desk.gets(message)
    await each_desk.gets(message)
    assert sum(n for (name, _), n in (await shown()).items() if name == "bot_messages_total") == 1


async def test_the_time_of_answers_is_a_histogram(each_desk, shown):
    for seconds in (0.001, 0.005, 0.3, 9.0):
        each_desk.rt.tally.took(seconds)
    found = await shown()
    assert found["bot_webhook_seconds_bucket", 'le="0.005"'] == 2
    assert found["bot_webhook_seconds_bucket", 'le="0.5"'] == 3
    assert found["bot_webhook_seconds_count", ""] == 4
    assert found["bot_webhook_seconds_sum", ""] == pytest.approx(9.306)


async def test_states_of_the_database_are_shown(each_desk, shown):
    rt = each_desk.rt
    await each_desk.says("你好")

    async def idle(_rt):
        pass

    await jobs.run(rt, "a.idle", 60.0, idle)
    async with rt.db.write() as tx:
        await incidents.report(tx, "disk.low", each_desk.clock.now())
        await fence.raise_(tx, each_desk.clock.now(), "restored")
        await tx.exec_driver_sql("UPDATE inbox SET delivery = 'late'")
    found = await shown()
    assert found["bot_database_up", ""] == found["bot_late_waiting", ""] == 1
    assert found["bot_fence_up", ""] == found["bot_incident_open", 'key="disk.low"'] == 1
    assert found["bot_job_runs_total", 'job="a.idle"'] == 1
    assert found["bot_inbox_depth", ""] == 3
    assert found["bot_index_entries", ""] > 10


async def test_without_a_database_the_counters_are_still_there(desk):
    await desk.says("谢谢")
    async with desk.rt.db.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE job_run RENAME TO gone")
    text = (await metrics.Page(desk.rt, lambda: 0).text()).decode()
    assert "bot_database_up 0.0" in text
    assert 'intent="thanks"' in text
    assert "bot_incident_open" not in text


async def test_no_parent_is_in_them(each_desk):
    await each_desk.says("孩子小明MARK写作业总是拖拉怎么办")
    text = (await metrics.Page(each_desk.rt, lambda: 0).text()).decode()
    assert MOTHER not in text
    assert "MARK" not in text
    assert each_desk.rt.pseudonyms.name(MOTHER) not in text


@pytest.mark.parametrize(
    ("setting", "peer", "headers", "may"),
    [
        ("local", "127.0.0.1", {}, True),
        ("local", "::1", {}, True),
        ("local", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("local", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("local", "10.0.0.8", {}, False),
        ("local", "", {}, False),
        ("all", "10.0.0.8", {}, True),
        ("off", "127.0.0.1", {}, False),
    ],
)
def test_who_may_read_them(setting, peer, headers, may):
    asked = make_mocked_request("GET", "/metrics", headers=headers).clone(remote=peer)
    assert metrics.may_see(setting, asked) is may


async def test_the_service_serves_them(town):
    parent = town.parent()
    await parent.follows()
    await parent.says("谢谢")
    answer = await exchange(town.ports[0], request("", method="GET", path="/metrics"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert b'intent="thanks"' in answer.body
    assert b"bot_webhook_seconds_count 2.0" in answer.body
    assert b"process_resident_memory_bytes" in answer.body


async def test_switched_off_there_is_nothing(sqlite_settings):

    async with City.open(sqlite_settings.model_copy(update={"metrics": "off"})) as city:
        answer = await exchange(city.ports[0], request("", method="GET", path="/metrics"))
    assert answer.status == 404
