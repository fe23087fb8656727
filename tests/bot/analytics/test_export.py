"""Files of the dashboard: no cell is a formula, numbers stay numbers, the same in both kinds."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from bot.analytics import export
from bot.analytics.sheet import Sheet

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x"]
SHEET = Sheet("key", "标题", "怎么算", ["名", "数"], [[HOSTILE[0], 12], ["<10", 0.5]])


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_begins_like_a_formula_gets_a_quote(text):
    assert export.safe(text) == f"'{text}"


def test_plain_words_and_numbers_stay_as_they_are():
    assert [export.safe(c) for c in ("天河区", "", "a=b", -5, 0.25)] == [
        "天河区",
        "",
        "a=b",
        -5,
        0.25,
    ]


def test_a_csv_holds_every_sheet_with_how_it_is_worked_out():
    content = export.to_csv([("看板",)], [SHEET, SHEET])
    assert content.startswith(b"\xef\xbb\xbf")
    block = [[], ["标题"], ["怎么算"], ["名", "数"], ["'=1+1", "12"], ["<10", "0.5"]]
    assert read_csv(content) == [["看板"], *block, *block]


def test_a_workbook_holds_the_same_as_text_and_numbers():
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.to_xlsx("看板", [("说明",)], [SHEET])))
    assert book.sheet_names == ["看板", "标题"]
    rows = book.get_sheet_by_name("标题").to_python()
    assert rows[2:] == [["名", "数"], ["'=1+1", 12.0], ["<10", 0.5]]
