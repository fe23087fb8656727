"""The file of faults: the broken rows as they came, with what to mend beside them."""

import pytest

from bot.curation.exchange import faults, plan, reading
from bot.spreadsheet import csvs, workbooks
from bot.spreadsheet.limits import Limits

ROWS = (
    {"owner": "=1+1", "risk": "9", "review_due": "明年"},
    {"id": "", "question": "好的一行", "similar": ""},
    {"id": "", "question": "又一句", "similar": "", "related": "media.recharge.nothing"},
)


@pytest.fixture(params=["csv", "xlsx"])
def kind(request):
    return request.param


@pytest.fixture
def told(sheet, shipped, kind):
    read = reading.read("a.csv", sheet(*ROWS))
    return faults.error_file(read, plan.plan(read, shipped), kind)


def table(kind, data):
    if kind == "csv":
        return list(csvs.rows(data))
    return list(workbooks.rows(".xlsx", data, Limits()))


def test_only_broken_rows_stand_in_it_with_their_numbers(told, kind):
    head, first, second = table(kind, told)
    assert head[-3:] == ["行", "列", "原因"]
    assert first[-3:-1] == ["2", "风险等级\n复审日期"]
    assert first[-1].split("\n")[1] == "复审日期 “明年”不是日期，请写成 2026-11-24。"
    assert second[-3:] == ["4", "延伸条目", "延伸条目 没有条目“media.recharge.nothing”。"]


def test_cells_are_as_they_came_and_start_no_formula(told, kind):
    head, first, _ = table(kind, told)
    assert first[head.index("负责人")] == "'=1+1"
    assert first[head.index("风险等级")] == "9"


def test_it_can_be_brought_back(told, kind, shipped):
    read = reading.read(f"a.{kind}", told)
    assert [row.number for row in read.rows] == [2, 3]
    assert plan.plan(read, shipped).counts()["broken"] == 2
    assert read.rows[0].cells["owner"] == "=1+1"


def test_broken_markdown_is_named_by_its_file(shipped):
    read = reading.read("b.md", b"nothing")
    data = faults.error_file(read, plan.plan(read, shipped), "csv")
    assert table("csv", data)[1][-3:-1] == ["1", "b.md:1"]
