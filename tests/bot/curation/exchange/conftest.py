"""The shipped entries, and sheets that a test can break cell by cell."""

import pytest

from bot.curation.exchange import columns, sheets
from knowledge import files
from tests.knowledge.conftest import FILE


@pytest.fixture(scope="session")
def shipped():
    return {entry.id: entry for entry in files.load()}


@pytest.fixture(scope="session")
def one(shipped):
    return shipped["media.recharge.refund"]


@pytest.fixture
def sheet(one):
    """Return a maker of CSV files: a dict a row changes the cells of one good entry."""

    def made(*changes, without=()):
        heads = [c for c in columns.columns() if c.field not in without]
        rows = ({**columns.row(one), **changed} for changed in changes)
        return sheets.csv_of(heads, ([row[c.field] for c in heads] for row in rows))

    return made


@pytest.fixture
def write_entry():
    """Return a maker of one entry's Markdown: `write_entry("risk: 0", "risk: 9")` breaks a line."""

    def made(old="1. 今晚读一页。\n", new=""):
        content = FILE.format(name="one")
        assert old in content
        return content.replace(old, new)

    return made
