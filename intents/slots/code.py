"""The code of a check-in or of a certificate, as written, in capital letters."""

from __future__ import annotations

import re
from pathlib import Path

from intents import yamlfile

_PATH = Path(__file__).with_name("code.yaml")
_KEYS = frozenset(("marks", "between", "never", "not_before"))
_BODY = "[a-z0-9](?:[-_]?[a-z0-9]){%d,23}"


class Codes:
    """Finds one code: after a word that announces it, or standing alone with a digit in it."""

    def __init__(self, lists: dict[str, list[str]]) -> None:
        marks, between, after = ("|".join(lists[k]) for k in ("marks", "between", "not_before"))
        ends = f"(?![a-z0-9])(?!{after})"
        self._marked = re.compile(f"(?:{marks})[ :]*(?:{between})?[ :]*({_BODY % 2}){ends}")
        self._alone = re.compile(f"(?<![a-z0-9])({_BODY % 3}){ends}")
        self._never = frozenset(lists["never"])

    def find(self, text: str) -> str | None:
        """Return the code in levelled text (half-width, small letters), or None."""
        marked = self._marked.search(text)
        if marked is not None:
            return marked[1].upper()
        found = (match[1] for match in self._alone.finditer(text))
        codes = (c for c in found if c not in self._never and any(x.isdigit() for x in c))
        return next((c.upper() for c in codes), None)


def load_codes(path: Path = _PATH) -> Codes:
    """Read the words around codes.

    Raises:
        CatalogueError: the file is faulty.
    """
    fields = yamlfile.block(path, yamlfile.read(path), _KEYS)
    return Codes({key: [t.value for t in yamlfile.texts(path, fields[key])] for key in _KEYS})
