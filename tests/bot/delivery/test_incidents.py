"""Incidents: opened once, counted while open, closed, opened anew."""

from datetime import timedelta

import pytest

from bot.delivery import incidents
from bot.wechat import errors


async def test_a_report_while_it_is_open_counts_and_keeps_its_beginning(each_desk):
    began = each_desk.clock.now()
    async with each_desk.rt.db.write() as tx:
        await incidents.report(tx, "disk.low", began, free_mb=9)
        await incidents.report(tx, "disk.low", began + timedelta(hours=1), free_mb=3)
        (one,) = await incidents.listed(tx)
    assert (one.key, one.count, one.since) == ("disk.low", 2, began)
    assert (one.last_at, one.values) == (began + timedelta(hours=1), {"free_mb": 3})


async def test_what_is_over_stays_in_the_list_and_can_come_again(each_desk):
    at = each_desk.clock.now()
    async with each_desk.rt.db.write() as tx:
        await incidents.report(tx, "disk.low", at)
        assert await incidents.resolve(tx, ["disk.low", "wal.large"], at) == 1
        assert await incidents.listed(tx) == []
        await incidents.report(tx, "disk.low", at + timedelta(hours=1))
        assert await incidents.open_keys(tx) == ["disk.low"]
        assert [i.resolved_at for i in await incidents.listed(tx, since=at)] == [None, at]


async def test_what_was_over_long_ago_is_forgotten(each_desk):
    at = each_desk.clock.now()
    async with each_desk.rt.db.write() as tx:
        await incidents.report(tx, "a.b", at)
        await incidents.report(tx, "c.d", at)
        await incidents.resolve(tx, ["a.b"], at)
        assert await incidents.forget(tx, at + timedelta(days=1)) == 1
        assert await incidents.open_keys(tx) == ["c.d"]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (45009, "wechat.45009"),
        (40164, "wechat.40164"),
        (48001, "wechat.48001"),
        (40001, "wechat.40001"),
        (7, "wechat.other"),
        (45015, None),
        (45047, None),
        (43004, None),
        (45011, None),
        (-1, None),
    ],
)
def test_only_refusals_about_the_account_are_incidents(code, key):
    assert incidents.key_of(errors.classify(code, "", "message/custom/send")) == key


async def test_a_refusal_is_kept_with_what_it_means_and_what_to_do(desk):
    error = errors.classify(45009, "reach max rid: 12345678-abc", "message/custom/send")
    async with desk.rt.db.write() as tx:
        await incidents.report_refusal(tx, error, desk.clock.now())
        (one,) = await incidents.listed(tx)
    assert one.values["code"] == 45009
    assert one.values["api"] == "message/custom/send"
    assert "次日" in one.values["remedy"]
