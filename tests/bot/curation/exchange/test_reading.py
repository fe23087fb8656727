"""A row becomes a draft, or tells all its faults by row and column."""

import io
from datetime import date

import pytest
import xlsxwriter

from bot.curation.exchange import columns, reading
from bot.errors import InvalidInput
from bot.spreadsheet.limits import Limits
from knowledge.entry import Asking, Source, Status
from tests.support import books

DAY = date(2026, 11, 24)
BROKEN = [
    ("id", "Media", "编号", "不像条目编号"),
    ("id", "media.recharge." + "a" * 128, "编号", "不像条目编号"),
    ("id", "emo.low.refund", "编号", "必须以主题“media.recharge”开头"),
    ("question", " ", "标准问法", "不能空"),
    ("question", "？！", "标准问法", "没有文字"),
    ("question", "a\x07b", "标准问法", "控制字符"),
    ("summary", "字" * 41, "摘要", "有 41 个字，最多 40 个"),
    ("topic", "media.nothing", "主题", "没有主题“media.nothing”"),
    ("ages", "p_low, adult", "适用学段", "没有学段“adult”"),
    ("risk", "4", "风险等级", "要写 0 到 3 的整数"),
    ("risk", "1.5", "风险等级", "“1.5”不是风险等级"),
    ("risk", "TRUE", "风险等级", "“TRUE”不是风险等级"),
    ("status", "live", "状态", "没有状态“live”"),
    ("sources", "", "依据", "不能空"),
    ("sources", "《法》|第1条|S1", "依据", "第 1 条依据要写成"),
    ("sources", "《法》||S1|2026-01-01\n《法》||S1|昨天", "依据", "第 2 条依据的核对日期“昨天”"),
    ("reviewed_on", "2026-13-01", "审核日期", "“2026-13-01”不是日期"),
    ("review_due", "明年", "复审日期", "“明年”不是日期"),
    ("valid_until", "2026-1", "有效期至", "“2026-1”不是日期"),
    ("area", "GZ", "适用区域", "“GZ”不是区域路径"),
    ("owner", "", "负责人", "不能空"),
    ("similar", "怎么退钱", "相似问法", "第 1 条问法要写成"),
    ("similar", "plain|a\nloud|怎么退钱", "相似问法", "第 2 条问法的风格“loud”"),
    ("similar", "plain|……", "相似问法", "“……”里没有文字"),
    ("related", "refund", "延伸条目", "“refund”不像条目编号"),
    ("answer", "", "回答", "不能空"),
    ("answer", "字" * 20_001, "回答", "有 20001 个字，最多 20000 个"),
    ("answer", "打 {{hotline:999}}", "回答", "占位符“{{hotline:999}}”不认识"),
    ("answer", "打 {{hotline:12348}}", "回答", "热线 12348 还没有核实"),
]


def faults(data, name="a.csv"):
    return [(f.row, f.column, f.problem) for r in reading.read(name, data).rows for f in r.faults]


@pytest.mark.parametrize(
    ("field", "cell", "header", "problem"), BROKEN, ids=[f"{b[0]}-{b[3]}" for b in BROKEN]
)
def test_a_fault_names_row_and_column(sheet, field, cell, header, problem):
    found = faults(sheet({field: cell}))
    assert (2, header) in [f[:2] for f in found]
    assert any(problem in f[2] for f in found if f[1] == header)


def test_all_faults_of_a_row_are_told_at_once(sheet):
    found = faults(sheet({}, {"risk": "9", "owner": "", "review_due": "x", "topic": "no"}))
    assert {f[:2] for f in found} >= {(3, c) for c in ("风险等级", "负责人", "复审日期", "主题")}
    assert (3, "标准问法") in {f[:2] for f in found}  # the wording is that of row 2, too


def test_no_more_faults_are_kept_than_one_mends(sheet):
    assert len(faults(sheet({"answer": "{{x}}" * 1000}))) == 20


def test_one_id_and_one_wording_in_two_rows(sheet, one):
    other = {"id": "", "question": "另一句", "similar": f"plain|{one.question}！"}
    found = faults(sheet({}, {"question": "又一句", "similar": ""}, other))
    assert found == [
        (3, "编号", "编号与第 2 行相同。"),
        (4, "相似问法", f"“{one.question}！”与第 2 行的问法相同，留一处。"),
    ]


def test_a_row_says_what_people_write(sheet):
    cells = {
        "topic": "充值打赏退款",
        "ages": "小学低年级、junior",
        "status": "已发布",
        "sources": "《法》 | | S1 | 2026/1/2",
        "similar": "粤语|點退錢\nlog|a\\|b 退钱",
        "risk": "",
        "reviewed_on": "",
        "review_due": "",
    }
    (row,) = reading.read("a.csv", sheet(cells)).rows
    assert row.faults == ()
    assert (row.entry.topic, row.entry.ages) == ("media.recharge", ("p_low", "junior"))
    assert (row.entry.status, row.entry.risk) == (Status.DRAFT, 0)
    assert row.entry.sources == (Source("《法》", None, "S1", date(2026, 1, 2)),)
    assert row.entry.similar == (Asking("點退錢", "yue"), Asking("a|b 退钱", "log"))
    assert row.entry.reviewed_on == row.entry.review_due == date(2026, 1, 2)


@pytest.mark.parametrize(
    "cell",
    ["2026-11-24", "2026/11/24", "2026.11.24", "2026年11月24日", "46350", "2026-11-24 00:00"],
)
def test_a_day_in_any_of_its_spellings(sheet, cell):
    (row,) = reading.read("a.csv", sheet({"valid_until": cell})).rows
    assert row.entry.valid_until == DAY


def workbook(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book, book.add_worksheet())
    return out.getvalue()


def test_cells_of_days_and_numbers_are_read_as_they_show(one):
    def fill(book, page):
        style = book.add_format({"num_format": "yyyy/m/d"})
        cells = columns.row(one) | {"risk": 1, "reviewed_on": 46350}
        for at, (field, value) in enumerate(cells.items()):
            page.write(0, at, columns.header(field))
            page.write(1, at, value)
        page.write_datetime(1, list(cells).index("review_due"), DAY, style)

    (row,) = reading.read("a.xlsx", workbook(fill)).rows
    assert row.faults == ()
    assert (row.entry.risk, row.entry.reviewed_on, row.entry.review_due) == (1, DAY, DAY)


def test_a_second_sheet_with_content_is_not_passed_over(one):
    def fill(book, page):
        page.write(0, 0, "a")
        book.add_worksheet().write(5, 5, "b")

    with pytest.raises(InvalidInput, match="不止一张工作表"):
        reading.read("a.xlsx", workbook(fill))


def test_a_row_without_id_gets_one_that_its_question_makes(sheet):
    (row,) = reading.read("a.csv", sheet({"id": "", "question": "退钱？"})).rows
    (again,) = reading.read("a.csv", sheet({"id": "", "question": "退钱"})).rows
    assert row.id == again.id == row.entry.id
    assert row.id.startswith("media.recharge.new-")


def test_fields_may_stand_above_the_columns_and_some_be_left_out(sheet):
    data = sheet({}, without=("id", "ages", "similar")).decode("utf-8-sig")
    read = reading.read("a.csv", data.replace("标准问法", "question").encode())
    assert "id" not in read.fields
    assert read.rows[0].entry.similar == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_sheet_of_any_office(sheet, encoding, mark, one):
    text = sheet({}).decode("utf-8-sig").replace('","', f'"{mark}"')
    (row,) = reading.read("A.CSV", text.encode(encoding)).rows
    assert row.entry.question == one.question


def test_empty_rows_are_passed_over_and_counted(sheet):
    head, row = sheet({}).decode("utf-8-sig").split("\r\n", 1)
    read = reading.read("a.csv", f"{head}\r\n,,,\r\n\r\n{row}".encode())
    assert [r.number for r in read.rows] == [4]


def test_a_cell_beside_the_columns_is_a_fault(sheet):
    head, row = sheet({}).decode("utf-8-sig").split("\r\n", 1)
    found = faults(f"{head}\r\n{row.rstrip()},\r\n{row.rstrip()},x".encode())
    assert (3, "", "第 18 格没有表头，内容放错了位置。") in found
    assert not [f for f in found if f[0] == 2]


def test_markdown_is_read_wherever_it_lay(write_entry):
    (row,) = reading.read("upload.md", write_entry().encode("utf-8-sig")).rows
    assert row.entry.id == "study.reading.one"
    (row,) = reading.read("upload.md", write_entry().replace("\n", "\r\n").encode()).rows
    assert row.entry.answer == "先读给孩子听。"


def test_a_fault_of_markdown_names_its_line(write_entry):
    assert faults(write_entry("risk: 0", "risk: 9").encode(), "b/upload.md") == [
        (1, "upload.md:7", "文件写法不对：`risk` must be a whole number from 0 (the topic's) to 3")
    ]


def test_what_markdown_can_say_and_no_row_may_is_a_fault(write_entry):
    found = faults(write_entry("owner: 编辑", r'owner: "\0"').encode(), "a.md")
    assert found == [(1, "a.md 负责人", "有看不见的控制字符，请重新输入这一格。")]


def test_a_limit_on_rows(sheet):
    limits = Limits(rows=2)
    rows = [{"id": "", "question": f"问{n}", "similar": ""} for n in range(3)]
    assert len(reading.read("a.csv", sheet(*rows[:2]), limits).rows) == 2
    with pytest.raises(InvalidInput, match="行数太多，最多 2 行"):
        reading.read("a.csv", sheet(*rows), limits)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_workbook_of_another_office(kind, one):
    cells = columns.row(one)
    short = cells | {"similar": "plain|怎么退钱", "answer": "先留证据。"}
    heads = [columns.header(field) for field in cells]
    data = {"xls": books.xls, "ods": books.ods}[kind]([heads, list(short.values())])
    (row,) = reading.read(f"a.{kind}", data).rows
    assert row.faults == ()
    assert (row.id, row.entry.answer) == (one.id, "先留证据。")
