"""The tables docs/evaluation.md borrows from the pages on understanding and on the crisis screen.

A page that is measured anew puts its tables there by itself; tests/house holds both in step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"
TARGET = DOCS / "evaluation.md"
#: The part of the page, the page it borrows from, and how the borrowed tables begin.
PARTS = {
    "understanding": ("understanding.md", ("| intent is right", "| slot is exact", "| median")),
    "safety": ("safety-evaluation.md", ("| written", "| danger", "| found", "| questions")),
}


def filled(text: str, docs: Path = DOCS) -> str:
    """Return the page with the borrowed tables between their marks.

    Raises ValueError when a mark or a table is missing.
    """
    for name, (page, heads) in PARTS.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise ValueError(f"docs/evaluation.md: no {begin} … {end}")
        body = "\n\n".join(tables(docs / page, heads))
        text = f"{before}{begin}\n{body}\n{end}{after}"
    return text


def tables(page: Path, heads: Sequence[str]) -> Iterator[str]:
    """Yield the first table of the page that begins with each head."""
    blocks = page.read_text(encoding="utf-8").split("\n\n")
    for head in heads:
        found = next((b.strip() for b in blocks if b.strip().startswith(head)), None)
        if found is None:
            raise ValueError(f"docs/{page.name}: no table begins with {head!r}")
        yield found


def write() -> None:
    TARGET.write_text(filled(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
