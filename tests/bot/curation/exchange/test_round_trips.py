"""What goes out comes back: as it was, in every format, for the shipped entries and any other."""

import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.curation.exchange import columns, fields, plan, reading, sheets
from bot.curation.exchange.plan import Outcome
from bot.errors import InvalidInput
from bot.spreadsheet import cells
from bot.spreadsheet.limits import Limits
from knowledge.entry import Status
from tests.support import entries

WRITERS = {"csv": sheets.to_csv, "xlsx": sheets.to_xlsx, "zip": sheets.to_zip}
FORMATS = pytest.mark.parametrize("kind", WRITERS)
READABLE = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(entries.NASTY))


def differences(kind, current):
    read = reading.read(f"entries.{kind}", WRITERS[kind](current.values()))
    return [s for s in plan.plan(read, current).steps if s.outcome is not Outcome.SAME]


@FORMATS
def test_the_shipped_entries_come_back_without_a_difference(kind, shipped):
    assert len(shipped) >= 450
    assert differences(kind, shipped) == []


@FORMATS
def test_equal_entries_make_equal_files(kind, shipped):
    few = list(shipped.values())[:3]
    assert WRITERS[kind](few) == WRITERS[kind](few)


@given(entries.entries())
def test_any_entry_comes_back_from_its_cells_as_a_draft(entry):
    row = fields.read(2, columns.row(entry), Limits())
    assert row.faults == ()
    assert row.entry == replace(entry, status=Status.DRAFT)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(WRITERS)), st.lists(entries.entries(), min_size=1, max_size=4))
def test_any_entry_comes_back_from_a_file(kind, made):
    current = {entry.id: entry for entry in made}
    read = reading.read(f"entries.{kind}", WRITERS[kind](current.values()))
    rows = {r.id: r.entry for r in read.rows if r.entry}
    drafts = {i: replace(e, status=Status.DRAFT) for i, e in current.items()}
    assert rows.items() <= drafts.items()
    # only what stands in two rows is refused
    assert all("第" in f.problem and "行" in f.problem for r in read.rows for f in r.faults)


@given(READABLE)
def test_a_guard_comes_off_as_it_went_on(text):
    assert cells.unguard(cells.guard(text)) == text


@given(st.lists(READABLE.map(lambda t: t.replace("\n", " ").strip()), min_size=1, max_size=5))
def test_parts_of_a_line_come_apart_as_they_went_together(parts):
    assert cells.parts(cells.line(parts)) == parts


@given(st.lists(entries.texts(), min_size=1, max_size=5))
def test_a_line_stays_one_line(parts):
    line = cells.line(parts)
    assert "\n" not in line
    assert cells.parts(line) == parts


def test_a_backslash_that_escapes_nothing_is_a_backslash():
    assert cells.parts(r"C:\temp | a\|b | end\ ") == [r"C:\temp", "a|b", "end\\"]


@pytest.mark.parametrize("write", [sheets.to_csv, sheets.to_xlsx])
def test_what_no_cell_holds_is_said_and_not_cut(write, one):
    with pytest.raises(InvalidInput, match=r"media\.recharge\.refund.*回答.*20001"):
        write([replace(one, answer="字" * 20_001)])


def test_an_archive_is_laid_out_as_the_content(one):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(sheets.to_zip([one]))) as archive:
        assert archive.namelist() == ["media.recharge/refund.md"]
