"""A row of cells to a place: every fault is told beside its column."""

from dataclasses import replace
from datetime import date

import pytest

from bot.directory.fields import Reading, texts
from bot.directory.place import Place

TODAY = date(2026, 11, 29)
AREAS = {"广州市": "gz", "广州": "gz", "天河区": "gz/tianhe", "天河": "gz/tianhe"}
NAMES = {"gz": "广州市", "gz/tianhe": "天河区"}
ROW = {"name": "棠下家庭教育服务站", "kind": "家庭教育服务站", "district": "天河"}
FULL = Place(
    code="tangxia", name="棠下家庭教育服务站", kind="station", level="street", area="gz/tianhe",
    street="棠下街道", address="示范路1号", lat=23.13, lng=113.38,
    phones="020-12345678;13800000000", hours="周一至周五 9:00-17:00", booking="不用预约",
    fee="免费", services="advice,activity", topics="study.procrastinate", audience="居民",
    ages="p_low,p_high", languages="普通话 粤语", accessibility="有坡道",
    operator="棠下街道办", note="二楼", source_url="https://example.cn/1", verified_by="陈老师",
    verified_at=date(2026, 11, 1), valid_until=date(2027, 11, 1), status="active",
)  # fmt: skip


def read(**given):
    reading = Reading(ROW | given, AREAS, TODAY)
    return reading.place("new-1"), reading.faults


def test_a_short_row_is_enough_and_is_not_taken_for_verified():
    place, faults = read()
    assert faults == {}
    assert (place.code, place.kind, place.area) == ("new-1", "station", "gz/tianhe")
    assert place.status == "unverified"
    assert not place.is_sure(TODAY)


def test_what_is_written_is_read_back():
    reading = Reading(texts(FULL, NAMES), AREAS, TODAY)
    assert reading.place("other") == FULL
    assert reading.faults == {}


def test_a_fact_holds_until_its_day():
    assert FULL.is_sure(TODAY)
    assert FULL.is_sure(date(2027, 11, 1))
    assert not FULL.is_sure(date(2027, 11, 2))
    assert not replace(FULL, status="unverified").is_sure(TODAY)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": ""}, "name", "不能空"),
        ({"name": "长" * 81}, "name", "最多 80"),
        ({"name": "a\x01b"}, "name", "控制字符"),
        ({"kind": "酒店"}, "kind", "家庭教育服务站"),
        ({"district": "深圳"}, "district", "天河区"),
        ({"lat": "39.9", "lng": "113.3"}, "lat", "广州范围内的纬度"),
        ({"lat": "23.1"}, "lat", "要么都写"),
        ({"lat": "abc", "lng": "113.3"}, "lat", "小数"),
        ({"phones": "找陈老师"}, "phones", "不像电话号码"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "不是网址"),
        ({"status": "已核实"}, "status", "核实人"),
        ({"verified_at": "2027-01-01"}, "verified_at", "将来"),
        ({"verified_at": "昨天"}, "verified_at", "不是日期"),
        ({"services": "咨询, 按摩"}, "services", "按摩"),
        ({"topics": "没有的主题"}, "topics", "没有主题"),
        ({"code": "Tang Xia"}, "code", "编号"),
    ],
)
def test_a_fault_stands_beside_its_field(given, field, words):
    place, faults = read(**given)
    assert place is None
    assert words in faults[field]


def test_every_fault_of_a_row_is_told():
    _, faults = read(name="", kind="酒店", phones="x", lat="1")
    assert {"name", "kind", "phones", "lat"} <= set(faults)
