"""No cell we write starts a formula, whatever an entry says."""

import csv
import io
import re
import zipfile
from dataclasses import replace

import pytest

from bot.curation.exchange import reading, sheets
from bot.spreadsheet import cells

CELLS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "'=1", "''=1", " =1", "  +1", "\u3000=1", "=cmd|' /C calc'!A0", "+SUM(1)",
    '=HYPERLINK("http://a.example")',
]  # fmt: skip
STARTS = re.compile("[=+\\-@\t\r\n＝＋－＠]")


def test_there_are_as_many_cells_as_the_rule_counts():
    assert len(set(CELLS)) == 19


def written(kind, data):
    if kind == "csv":
        return [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        assert "<f" not in book.read("xl/worksheets/sheet1.xml").decode()
    return re.findall(r"<t[^>]*>([^<]*)</t>", strings)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_starts_a_formula(kind, cell, one):
    entry = replace(one, question=cell, owner=cell, answer=cell)
    data = {"csv": sheets.to_csv, "xlsx": sheets.to_xlsx}[kind]([entry])
    found = written(kind, data)
    assert not [c for c in found if STARTS.match(c.lstrip())]
    assert sum(c.startswith("'") for c in found) >= 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_cell_comes_back_as_it_was(kind, cell, one):
    entry = replace(one, owner=cell.strip())
    data = {"csv": sheets.to_csv, "xlsx": sheets.to_xlsx}[kind]([entry])
    (row,) = reading.read(f"a.{kind}", data).rows
    assert row.faults == ()
    assert row.entry.owner == cell.strip()


@pytest.mark.parametrize("text", ["'tis", "''", "'", "'a=1", "说'='"])
def test_an_apostrophe_that_guards_nothing_stays(text):
    assert cells.guard(text) == cells.unguard(text) == text
