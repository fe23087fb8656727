"""docs/evaluation.md shows the figures of the pages it borrows from."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def digest(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts" / "benchmarks")
    return importlib.import_module("digest")


def test_the_page_is_in_step_with_those_it_borrows_from(digest):
    page = digest.TARGET.read_text(encoding="utf-8")
    assert "severity 3" in page
    assert digest.filled(page) == page, "run: scripts/bench crisis --write"


def test_a_table_that_is_gone_is_named(digest, tmp_path):
    page = digest.TARGET.read_text(encoding="utf-8")
    for name in ("understanding.md", "safety-evaluation.md"):
        (tmp_path / name).write_text("# Empty\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"docs/understanding\.md: no table begins with"):
        digest.filled(page, tmp_path)


def test_a_mark_that_is_gone_is_named(digest):
    with pytest.raises(ValueError, match="no <!-- begin understanding -->"):
        digest.filled("# No marks\n")
