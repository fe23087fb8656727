"""`bot privacy report`: counts and ages for an audit, and no parent."""

import json
from datetime import timedelta

import pytest

from bot.cli import privacy
from tests.support.asking import NAILS
from tests.support.desk import MOTHER
from tests.support.process import bot


async def report(desk):
    async with desk.rt.db.read() as tx:
        return await privacy.told(desk.rt, tx)


async def test_requests_are_counted_by_time(each_desk):
    desk = each_desk
    desk.rt.settings = desk.rt.settings.model_copy(update={"public_url": "https://a.cn"})
    await desk.says("我的资料")
    await desk.says("退订")
    await desk.says("1")
    await desk.says("删除我")
    await desk.says("确认删除")
    desk.clock.turn(days=40)
    await desk.says("导出")
    found = (await report(desk))["requests"]
    assert found["copies of one's data asked for"] == [1, 2, 2]
    assert found["copies opened"] == [0, 0, 0]
    assert found["erasures by chat"] == [0, 1, 1]
    assert found["consents withdrawn"] == [0, 1, 1]


async def test_what_is_kept_past_its_time_is_named(each_desk):
    desk = each_desk
    await desk.says(NAILS[0])
    desk.clock.turn(days=10)
    found = {row["table"]: row for row in (await report(desk))["kept"]}
    assert (found["inbox"]["rows"], found["inbox"]["days"], found["inbox"]["late"]) == (1, 2, True)
    assert found["decision"]["oldest_days"] == pytest.approx(10, abs=0.1)
    assert not found["decision"]["late"]
    assert "LATE" in privacy._plain(await report(desk))


async def test_nobody_is_named(desk):
    await desk.says("转人工")
    await desk.says("孩子写作业总是拖拉怎么办")
    told = await report(desk)
    said = json.dumps(told) + privacy._plain(told)
    assert MOTHER not in said
    assert desk.rt.pseudonyms.name(MOTHER) not in said
    assert timedelta(0) <= timedelta(days=told["kept"][0]["oldest_days"])


def test_the_command_prints_it(tmp_path):
    assert bot(tmp_path, "migrate").returncode == 0
    plain = bot(tmp_path, "privacy", "report")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "erasures by page" in plain.stdout
    assert "requests" in json.loads(bot(tmp_path, "privacy", "report", "--json").stdout)
